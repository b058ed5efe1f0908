#include "query/sight.hpp"

#include <algorithm>
#include <array>

namespace chaiqin::query {

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

std::string several(const std::vector<std::string>& codes, const std::string& own) {
    const auto first =
        std::find_if(codes.begin(), codes.end(), [&](const auto& code) { return code != own; });
    if (first == codes.end()) return "";
    if (codes.size() == 1) return *first;
    return *first + " and " + std::to_string(codes.size() - 1) + " more";
}

}  // namespace

Sight::Sight(identity::Caller caller, std::string acting, std::shared_ptr<const AgencyIndex> index,
             domain::Instant now, identity::Right right)
    : caller_(std::move(caller)),
      acting_(std::move(acting)),
      index_(std::move(index)),
      now_(now),
      scope_(identity::scope_of(caller_, acting_, right)),
      values_(identity::scope_of_values(caller_, acting_)) {}

bool Sight::covers(const std::string& agency) const {
    return identity::covers(scope_, agency, index_->registry().agencies, today());
}

domain::AgencySet Sight::agencies(const std::string& agency) const {
    if (!agency.empty()) {
        const bool known = index_->find(agency) || agency == acting_;
        if (!known || !covers(agency))
            throw domain::Refused(domain::Refused::Why::not_found, "no such agency");
        return {false, {agency}};
    }
    if (scope_.everything) return {true, {}};
    domain::AgencySet set;
    const auto mask = index_->in_scope(scope_, today());
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i]) set.codes.push_back(index_->code(i));
    // An agency that the registry does not know yet still sees its own files.
    set.codes.insert(set.codes.end(), scope_.agencies.begin(), scope_.agencies.end());
    set.codes.insert(set.codes.end(), scope_.roots.begin(), scope_.roots.end());
    std::sort(set.codes.begin(), set.codes.end());
    set.codes.erase(std::unique(set.codes.begin(), set.codes.end()), set.codes.end());
    return set;
}

bool Sight::shows_values(const std::string& agency) const {
    return !scope_.everything ||
           identity::covers(values_, agency, index_->registry().agencies, today());
}

std::string Sight::others(const domain::AgencySet& set) const {
    return set.everything ? "all agencies" : several(set.codes, caller_.agency);
}

std::string Sight::others(const AgencyMask& mask) const {
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i]) codes.push_back(index_->code(i));
    return several(codes, caller_.agency);
}

std::string Sight::others(std::string_view object, const std::string& agency) const {
    return agency == caller_.agency ? "" : std::string(object) + " of " + agency;
}

std::string message_without_values(const std::string& code, const std::string& message,
                                   bool unknown_key, const domain::RuleSet& rules) {
    const bool quotes =
        unknown_key || std::find(quoting.begin(), quoting.end(), code) != quoting.end();
    if (!quotes) return message;
    const auto rule = std::find_if(rules.rules().begin(), rules.rules().end(),
                                   [&](const auto& one) { return one.code == code; });
    if (rule == rules.rules().end()) return code;
    const std::string_view text = rule->message_zh;
    return without_placeholders(text.substr(0, text.find("，歸屬{")));
}

domain::Finding without_values(const domain::Finding& finding, const domain::RuleSet& rules) {
    auto bare = finding;
    bare.value.reset();
    bare.expected.reset();
    // The name of a key that the format does not know comes from the file.
    const bool unknown_key = !finding.field.empty() && finding.field == finding.field_name;
    bare.message = message_without_values(finding.code, finding.message, unknown_key, rules);
    return bare;
}

}  // namespace chaiqin::query
