#pragma once
// What a rule means to a clerk (schemas/rules/explanations.json), and a rule as the API and the
// command `chaiqin explain` show it. Pure: text in, values out.
#include <map>
#include <string>
#include <string_view>

#include "domain/rules.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::wire {

struct RuleExplanation {
    std::string zh, en;
    /// sender, vendor, personnel_office, platform
    std::string who_mends;
    /// What the examples are merged into: envelope, leave, overtime; file where there are none.
    std::string subject;
    /// JSON: the keys of an example, or null.
    std::string wrong, right;
};
/// By code.
using RuleExplanations = std::map<std::string, RuleExplanation, std::less<>>;

/// All problems of the text at once as ConfigError; it is the product's own file.
RuleExplanations parse_rule_explanations(std::string_view json);

/// The members of a rule, inside an object that the caller has begun.
void write_rule_members(JsonWriter& json, const domain::Rule& rule);
/// The rule with its explanation and examples.
std::string explained_rule_json(const domain::Rule& rule, const RuleExplanation& explanation);

}  // namespace chaiqin::wire
