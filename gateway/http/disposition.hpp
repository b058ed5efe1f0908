#pragma once
// Content-Disposition of what a browser shall save (RFC 6266). Pure.
#include <string>
#include <string_view>

namespace chaiqin::gateway {

/// `attachment` with the name in ASCII, for old clients, and in UTF-8. `file_name` is UTF-8 without
/// control characters.
std::string attachment_disposition(std::string_view file_name);

}  // namespace chaiqin::gateway
