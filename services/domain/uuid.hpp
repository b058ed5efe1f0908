#pragma once
// The one spelling of a UUID that is stored and compared. Pure.
#include <string>
#include <string_view>

namespace chaiqin::domain {

/// 8-4-4-4-12 hex digits in lower case; "" if the text is no UUID.
std::string canonical_uuid(std::string_view text);

}  // namespace chaiqin::domain
