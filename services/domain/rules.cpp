#include "domain/rules.hpp"

#include <algorithm>
#include <numeric>

namespace chaiqin::domain {

std::string_view severity_name(Severity severity) {
    return severity == Severity::error ? "error" : "warning";
}

RuleSet::RuleSet(std::string version, std::vector<Rule> rules)
    : version_(std::move(version)), rules_(std::move(rules)), by_code_(rules_.size()) {
    std::iota(by_code_.begin(), by_code_.end(), 0U);
    std::stable_sort(by_code_.begin(), by_code_.end(),
                     [&](auto a, auto b) { return rules_[a].code < rules_[b].code; });
}

const Rule* RuleSet::in_force(std::string_view code, Day day) const {
    auto at =
        std::lower_bound(by_code_.begin(), by_code_.end(), code,
                         [&](auto place, auto wanted) { return rules_[place].code < wanted; });
    for (; at != by_code_.end() && rules_[*at].code == code; ++at) {
        const auto& rule = rules_[*at];
        if (rule.enabled && (!rule.valid_from || *rule.valid_from <= day) &&
            (!rule.valid_to || day <= *rule.valid_to))
            return &rule;
    }
    return nullptr;
}

}  // namespace chaiqin::domain
