#pragma once
// Names of files as they are sent and as they may be shown (docs/http-api.md, "File names"). Pure.
#include <optional>
#include <string>
#include <string_view>

namespace chaiqin::gateway {

/// Directories cut, control characters removed, the last 255 code points. A name that is not UTF-8
/// is read as Big5 if it is well-formed Big5, else its bad bytes become U+FFFD; in such a name only
/// `/` ends a directory, because `\` may be half of a character.
std::string cleaned_file_name(std::string_view as_sent);

/// X-File-Name: percent-decoded UTF-8, cleaned. Empty if it has a broken sequence, bytes that are
/// not UTF-8, or control characters.
std::optional<std::string> file_name_from_header(std::string_view value);

/// Ends in .json (any case) and has something before it (F01).
bool is_json_file_name(std::string_view name);

/// Category Cc: U+0000–001F, U+007F–009F.
bool has_control_characters(std::string_view text);

}  // namespace chaiqin::gateway
