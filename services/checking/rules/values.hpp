#pragma once
// Values that a list of codes or a range allows, as the checks of one key ask for them.
#include <array>
#include <cstdint>
#include <string_view>

namespace chaiqin::checking {

constexpr bool one_character_of(std::string_view text, std::string_view allowed) {
    return text.size() == 1 && allowed.find(text[0]) != std::string_view::npos;
}

constexpr bool within(std::int64_t value, std::int64_t least, std::int64_t most) {
    return value >= least && value <= most;
}

inline constexpr auto form_number_characters = [] {
    std::array<bool, 256> allowed{};
    for (const char c :
         std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.-")) {
        allowed[static_cast<unsigned char>(c)] = true;
    }
    return allowed;
}();
/// [A-Za-z0-9_.-]*
inline bool only_form_number_characters(std::string_view text) {
    for (const char c : text) {
        if (!form_number_characters[static_cast<unsigned char>(c)]) return false;
    }
    return true;
}

constexpr bool is_agency_code(std::string_view text) {
    if (text.size() != 10 || text[9] < 'A' || text[9] > 'Z') return false;
    for (const char c : text) {
        if ((c < '0' || c > '9') && (c < 'A' || c > 'Z')) return false;
    }
    return true;
}

}  // namespace chaiqin::checking
