#pragma once
// Which checks run on a file, and with which texts: the rules in force on the day of receipt
// (Asia/Taipei), less those that need something a caller does not have (rules.csv: needs).
// Immutable.
#include <array>
#include <string>
#include <vector>

#include "checking/rules/code.hpp"
#include "domain/rules.hpp"

namespace chaiqin::checking {

class RuleBook {
public:
    /// `registry_known`: agencies can be looked up. `caller_known`: it is known who sends the file.
    RuleBook(const domain::RuleSet& rules, domain::Day day, bool registry_known, bool caller_known);

    bool runs(Code code) const { return rules_[index_of(code)] != nullptr; }
    /// Of a check that runs.
    const domain::Rule& rule(Code code) const { return *rules_[index_of(code)]; }
    bool is_error(Code code) const {
        return runs(code) && rule(code).severity == domain::Severity::error;
    }
    /// In force but left out for want of registry or caller, in the order of the codes.
    const std::vector<std::string>& skipped() const { return skipped_; }

private:
    std::array<const domain::Rule*, code_count> rules_{};
    std::vector<std::string> skipped_;
};

}  // namespace chaiqin::checking
