#pragma once
// Texts in Big5, as old browsers on Windows send names of files (code page 950). Pure.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chaiqin::gateway {

/// Empty if the text is not well-formed Big5.
std::optional<std::string> utf8_of_big5(std::string_view text);

/// Bytes of the character at the begin by its form alone: 2 after a lead byte, else 1. The second
/// byte of a character may be that of `\`.
std::size_t big5_character_size(std::string_view text);

}  // namespace chaiqin::gateway
