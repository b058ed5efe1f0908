#include "domain/rules.hpp"

#include <algorithm>

namespace chaiqin::domain {

std::string_view severity_name(Severity severity) {
    return severity == Severity::error ? "error" : "warning";
}

const Rule* RuleSet::in_force(std::string_view code, Day day) const {
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Rule& rule) {
        return rule.enabled && rule.code == code && (!rule.valid_from || *rule.valid_from <= day) &&
               (!rule.valid_to || day <= *rule.valid_to);
    });
    return found == rules_.end() ? nullptr : &*found;
}

}  // namespace chaiqin::domain
