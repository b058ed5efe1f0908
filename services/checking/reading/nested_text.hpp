#pragma once
// An object or array where a text or number should be, as a text. Pure.
#include <cstddef>
#include <string>
#include <string_view>

namespace chaiqin::checking {

/// Without white space between its parts. Its strings are unescaped, so that masking sees what a
/// reader would. At least the first `enough` code points of it, and not much more.
std::string nested_text(std::string_view raw, std::size_t enough);

}  // namespace chaiqin::checking
