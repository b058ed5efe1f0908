#pragma once
// The checks of the file as a whole, one function per check, named by its public code: true means
// broken. Only the first one that is broken is listed, in the order of the bytes' way: name, size,
// content, encoding, syntax (F06, F08, F09: reading/layout.hpp finds them), root, count.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "checking/reading/layout.hpp"
#include "checking/rules/code.hpp"

namespace chaiqin::checking {

inline constexpr std::string_view bom = "\xEF\xBB\xBF";

inline bool F01(std::string_view file_name) {
    constexpr std::string_view ending = ".json";
    if (file_name.size() <= ending.size()) return true;
    const auto last = file_name.substr(file_name.size() - ending.size());
    return !std::equal(last.begin(), last.end(), ending.begin(), [](char a, char b) {
        return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b);
    });
}
inline bool F02(std::string_view bytes) { return bytes.size() > std::size_t{5} * 1024 * 1024; }
inline bool F04(std::string_view bytes) { return bytes.empty() || bytes == bom; }
/// In check.cpp, which owns the library that it asks.
bool F05(std::string_view bytes);
inline bool F07(const Layout& layout) { return !layout.root_is_object; }
inline bool F10(const Layout& layout) {
    return std::uint64_t{layout.arrays[0].count} + layout.arrays[1].count > most_records;
}
inline bool F12(std::string_view bytes) { return bytes.starts_with(bom); }

constexpr Code code_of(SyntaxFault::Kind kind) {
    switch (kind) {
        case SyntaxFault::Kind::repeated_key:
            return "F08";
        case SyntaxFault::Kind::too_deep:
            return "F09";
        case SyntaxFault::Kind::no_json:
            break;
    }
    return "F06";
}

inline constexpr std::array<Code, 10> file_codes = {"F01", "F02", "F04", "F05", "F06",
                                                    "F07", "F08", "F09", "F10", "F12"};
/// A file that one of these finds cannot be read, or holds more than is read: they run even when
/// they are switched off.
inline constexpr std::array<Code, 6> reading_codes = {"F05", "F06", "F07", "F08", "F09", "F10"};

}  // namespace chaiqin::checking
