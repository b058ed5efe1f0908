#pragma once
// Problems as clients see them (RFC 9457).
#include <string>
#include <string_view>

#include "gateway/http/response.hpp"

namespace chaiqin::gateway {

/// type urn:chaiqin:problem:<code>, title in zh-TW, detail says what to do next.
Response problem(int status, std::string_view code, std::string_view title,
                 std::string_view detail = "");

/// The object of RFC 9457: type, title, status, code and, unless "", detail.
std::string problem_object(int status, std::string_view code, std::string_view title,
                           std::string_view detail = "");
/// The same with further members ("name":json …) at its end.
std::string with_members(std::string object, std::string_view members);

}  // namespace chaiqin::gateway
