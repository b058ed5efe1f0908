#pragma once
// The authority (主管機關) that a question is about, with all below it on a day. For the .cpp files
// of this folder.
#include <string>
#include <vector>

#include "query/month_range.hpp"
#include "query/sight.hpp"

namespace chaiqin::query::readers {

struct Authority {
    std::string code;
    AgencyMask mask;
    /// The codes of the mask.
    std::vector<std::string> agencies;
};

/// Its code: the own agency unless another is named.
std::string authority_code(const Sight& sight, const std::string& wanted);
/// With all below it on `day`. Refused as unknown where it is outside the scope on `seen_on`.
Authority authority_on(const Sight& sight, const std::string& wanted, domain::Day day,
                       domain::Day seen_on);
/// The months of the range in which the authority is within the scope. Refused as unknown if it is
/// in none of them.
std::vector<domain::Month> months_in_sight(const Sight& sight, const std::string& authority,
                                           MonthRange range);
std::vector<std::string> codes_of(const AgencyMask& mask, const AgencyIndex& index);

}  // namespace chaiqin::query::readers
