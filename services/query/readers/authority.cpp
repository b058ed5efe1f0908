#include "query/readers/authority.hpp"

#include "query/reach.hpp"
#include "query/refusals.hpp"

namespace chaiqin::query::readers {

std::vector<std::string> codes_of(const AgencyMask& mask, const AgencyIndex& index) {
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i]) codes.push_back(index.code(i));
    return codes;
}

namespace {

[[noreturn]] void refuse_authority() {
    refuse_unknown("查無此主管機關", "There is no such authority");
}

}  // namespace

std::string authority_code(const Sight& sight, const std::string& wanted) {
    return wanted.empty() ? sight.caller().agency : wanted;
}

Authority authority_on(const Sight& sight, const std::string& wanted, domain::Day day,
                       domain::Day seen_on) {
    Authority authority;
    authority.code = authority_code(sight, wanted);
    const auto& index = sight.index();
    const auto place = index.find(authority.code);
    if (!place || !sight.covers(authority.code, seen_on)) refuse_authority();
    AgencyMask root(index.size(), 0);
    root[*place] = 1;
    authority.mask = index.below(root, day);
    authority.agencies = codes_of(authority.mask, index);
    return authority;
}

std::vector<domain::Month> months_in_sight(const Sight& sight, const std::string& authority,
                                           MonthRange range) {
    auto months = range.months();
    std::erase_if(months, [&](domain::Month month) {
        return !sight.covers(authority, hierarchy_day(month, sight.today()));
    });
    if (!sight.index().find(authority) || months.empty()) refuse_authority();
    return months;
}

}  // namespace chaiqin::query::readers
