#pragma once
// The rule table (schemas/rules/rules.csv) as data: severity, dates and texts of every check code.
// Immutable; a rule set has a version, stored with every submission.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

enum class Severity : std::uint8_t { error, warning };
std::string_view severity_name(Severity severity);  ///< "error", "warning"

struct Rule {
    std::string code;   ///< "L18"
    std::string scope;  ///< file, envelope, record
    Severity severity = Severity::error;
    std::string needs;    ///< space-separated: registry calendar codes clock caller submissions
                          ///< records table19
    std::string service;  ///< gateway, validator, agency_matcher
    std::string note;
    bool enabled = true;
    std::optional<Day> valid_from;  ///< inclusive
    std::optional<Day> valid_to;    ///< inclusive
    std::string field;              ///< key, "" for none, "(that key)" where it varies
    std::string message_zh;
    std::string message_en;
    bool operator==(const Rule&) const = default;
};

class RuleSet {
public:
    RuleSet() = default;
    RuleSet(std::string version, std::vector<Rule> rules);
    const std::string& version() const { return version_; }
    const std::vector<Rule>& rules() const { return rules_; }
    /// The enabled row of the code in force that day; nullptr: the check does not run.
    const Rule* in_force(std::string_view code, Day day) const;

private:
    std::string version_;
    std::vector<Rule> rules_;
    std::vector<std::uint32_t> by_code_;  ///< places in rules_, in the order of the codes
};

}  // namespace chaiqin::domain
