#pragma once
// Which checks run on a file, and with which texts: the rules in force on the day of receipt
// (Asia/Taipei), less those that need something a caller does not have (rules.csv: needs).
// Immutable.
#include <array>
#include <span>
#include <string>
#include <vector>

#include "checking/rules/code.hpp"
#include "domain/rules.hpp"

namespace chaiqin::checking {

/// What the caller of a check has; rules that need what is missing are skipped.
struct Known {
    /// Agencies can be looked up.
    bool registry = true;
    /// It is known which agency sends the file.
    bool caller = true;
};

class RuleBook {
public:
    /// `always_running`: these run, and have a text, even when their row is switched off. The rules
    /// outlive the book.
    RuleBook(const domain::RuleSet& rules, domain::Day day, Known known,
             std::span<const Code> always_running);

    bool runs(Code code) const { return rules_[code.index()] != nullptr; }
    /// Of a check that runs.
    const domain::Rule& rule(Code code) const { return *rules_[code.index()]; }
    bool is_error(Code code) const {
        return runs(code) && rule(code).severity == domain::Severity::error;
    }
    /// In force but left out because registry or caller is unknown, in the order of the codes.
    const std::vector<std::string>& skipped() const { return skipped_; }

private:
    std::array<const domain::Rule*, Code::count> rules_{};
    std::vector<std::string> skipped_;
};

}  // namespace chaiqin::checking
