#include "domain/finding.hpp"

#include <algorithm>

namespace chaiqin::domain {

std::string_view finding_kind_name(FindingKind kind) {
    switch (kind) {
        case FindingKind::file:
            return "file";
        case FindingKind::envelope:
            return "envelope";
        case FindingKind::leave:
            return "leave";
        case FindingKind::overtime:
            return "overtime";
    }
    return "";
}

std::string filled(std::string_view message, std::span<const Placeholder> placeholders) {
    std::string text;
    while (!message.empty()) {
        const auto open = std::min(message.find('{'), message.size());
        text.append(message.substr(0, open));
        message.remove_prefix(open);
        const auto close = message.find('}');
        if (close == std::string_view::npos) break;
        const auto name = message.substr(1, close - 1);
        const auto given =
            std::find_if(placeholders.begin(), placeholders.end(),
                         [&](const Placeholder& placeholder) { return placeholder.name == name; });
        text.append(given == placeholders.end() ? message.substr(0, close + 1)
                                                : std::string_view(given->text));
        message.remove_prefix(close + 1);
    }
    return text.append(message);
}

std::optional<Finding> file_finding(const RuleSet& rules, std::string_view code, Day day,
                                    std::span<const Placeholder> placeholders) {
    const Rule* rule = rules.in_force(code, day);
    if (rule == nullptr) return std::nullopt;
    Finding finding;
    finding.code = rule->code;
    finding.severity = rule->severity;
    finding.message = filled(rule->message_zh, placeholders);
    finding.message_en = filled(rule->message_en, placeholders);
    return finding;
}

}  // namespace chaiqin::domain
