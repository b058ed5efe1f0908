#include "query/readers/hiding.hpp"

#include <algorithm>
#include <array>

namespace chaiqin::query::readers {

namespace {

/// Messages that quote the file: a batch number, a type's name, the agency that Table 19 names
/// instead.
constexpr std::array<std::string_view, 4> quoting{"F11", "L02", "L21", "T05"};

std::string without_placeholders(std::string_view text) {
    std::string kept;
    bool inside = false;
    for (const char c : text) {
        if (c == '{') inside = true;
        if (!inside) kept += c;
        if (c == '}') inside = false;
    }
    return kept;
}

}  // namespace

std::string message_without_values(const std::string& code, const std::string& message,
                                   bool unknown_key, const domain::RuleSet& rules) {
    const bool quotes =
        unknown_key || std::find(quoting.begin(), quoting.end(), code) != quoting.end();
    return quotes ? rule_text(code, rules) : message;
}

std::string rule_text(const std::string& code, const domain::RuleSet& rules) {
    const auto rule = std::find_if(rules.rules().begin(), rules.rules().end(),
                                   [&](const auto& one) { return one.code == code; });
    if (rule == rules.rules().end()) return code;
    const std::string_view text = rule->message_zh;
    return without_placeholders(text.substr(0, text.find("，歸屬{")));
}

void hide_values(pb::Finding& finding, const domain::RuleSet& rules) {
    finding.clear_value();
    finding.clear_expected();
    // The name of a key that the format does not know comes from the file.
    const bool unknown_key = !finding.field().empty() && finding.field() == finding.field_name();
    finding.set_message(
        message_without_values(finding.code(), finding.message(), unknown_key, rules));
}

}  // namespace chaiqin::query::readers
