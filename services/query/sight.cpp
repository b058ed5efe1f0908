#include "query/sight.hpp"

#include <algorithm>

#include "query/refusals.hpp"

namespace chaiqin::query {

namespace {

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

bool Sight::covers(const std::string& agency, domain::Day day) const {
    return identity::covers(scope_, agency, index_->registry().agencies, day);
}

AgencySet Sight::agencies(const std::string& agency) const {
    if (!agency.empty()) {
        const bool known = index_->find(agency) || agency == acting_;
        if (!known || !covers(agency)) refuse_unknown("查無此機關", "There is no such agency");
        return {false, {agency}};
    }
    if (scope_.everything) return {true, {}};
    AgencySet set;
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

std::string Sight::others(const AgencySet& set) const {
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

}  // namespace chaiqin::query
