#include "query/readers/authority.hpp"

#include "query/refusals.hpp"

namespace chaiqin::query::readers {

std::vector<std::string> codes_of(const AgencyMask& mask, const AgencyIndex& index) {
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i]) codes.push_back(index.code(i));
    return codes;
}

std::string authority_code(const Sight& sight, const std::string& wanted) {
    const auto code = wanted.empty() ? sight.caller().agency : wanted;
    if (!sight.index().find(code) || !sight.covers(code))
        refuse_unknown("查無此主管機關", "There is no such authority");
    return code;
}

Authority authority_on(const Sight& sight, const std::string& wanted, domain::Day day) {
    Authority authority;
    authority.code = authority_code(sight, wanted);
    const auto& index = sight.index();
    AgencyMask root(index.size(), 0);
    root[*index.find(authority.code)] = 1;
    authority.mask = index.below(root, day);
    authority.agencies = codes_of(authority.mask, index);
    return authority;
}

}  // namespace chaiqin::query::readers
