#pragma once
// The authority (主管機關) that a question is about, with all below it on a day. For the .cpp files
// of this folder.
#include <string>
#include <vector>

#include "query/sight.hpp"

namespace chaiqin::query::readers {

struct Authority {
    std::string code;
    AgencyMask mask;
    /// The codes of the mask.
    std::vector<std::string> agencies;
};

/// Its code: the own agency unless another is named. Refused as unknown outside the scope.
std::string authority_code(const Sight& sight, const std::string& wanted);
Authority authority_on(const Sight& sight, const std::string& wanted, domain::Day day);
std::vector<std::string> codes_of(const AgencyMask& mask, const AgencyIndex& index);

}  // namespace chaiqin::query::readers
