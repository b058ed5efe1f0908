#pragma once
// Which files may be attached to an announcement: their kind by name, and whether their content is
// of that kind. Pure.
#include <optional>
#include <string_view>

namespace chaiqin::gateway {

/// The media type of a file whose name and content are of one of the kinds that may be attached;
/// empty otherwise.
std::optional<std::string_view> attachment_type(std::string_view file_name,
                                                std::string_view content);

}  // namespace chaiqin::gateway
