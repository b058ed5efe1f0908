#include "checking/reading/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "checking/reading/person_id.hpp"

namespace chaiqin::checking {

namespace {

constexpr std::size_t person_id_length = 10;
constexpr std::string_view ideographic_space = "\xE3\x80\x80";

constexpr auto alphanumerics = [] {
    std::array<bool, 256> found{};
    for (int c = 0; c < 128; ++c) {
        found[static_cast<std::size_t>(c)] =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
    return found;
}();
bool alphanumeric(char c) { return alphanumerics[static_cast<unsigned char>(c)]; }

/// Small letters count too, since they give the person away as well.
std::string in_capitals(std::string_view run) {
    std::string upper(run);
    for (auto& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return upper;
}

bool has_person_id_shape(std::string_view run) {
    return run.size() == person_id_length &&
           person_id_form(in_capitals(run)) != PersonIdForm::malformed;
}

/// Calls `visit` with begin and end of each maximal run of letters and digits.
template <typename Visit>
void for_each_run(std::string_view text, Visit visit) {
    for (std::size_t i = 0; i < text.size();) {
        if (!alphanumeric(text[i])) {
            ++i;
            continue;
        }
        const auto begin = i;
        while (i < text.size() && alphanumeric(text[i])) ++i;
        visit(begin, i);
    }
}

/// The text with those runs masked that `is_meant` takes.
template <typename IsMeant>
std::string masked_where(std::string_view text, IsMeant is_meant) {
    std::string masked(text);
    for_each_run(text, [&](std::size_t begin, std::size_t end) {
        const auto run = text.substr(begin, end - begin);
        if (is_meant(run)) masked.replace(begin, run.size(), masked_person_id(run));
    });
    return masked;
}

constexpr std::uint64_t every_byte(unsigned char byte) { return 0x0101010101010101u * byte; }

/// Some byte is below 0x20, 0x7F or 0xC2 (false alarms are possible, misses are not).
bool may_hold_control_character(std::uint64_t word) {
    const auto zero_byte = [](std::uint64_t w) {
        return (w - every_byte(0x01)) & ~w & every_byte(0x80);
    };
    const auto below_space = (word - every_byte(0x20)) & ~word & every_byte(0x80);
    return (below_space | zero_byte(word ^ every_byte(0x7F)) |
            zero_byte(word ^ every_byte(0xC2))) != 0;
}

bool has_control_byte(std::string_view text, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F) return true;
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0)
            return true;
    }
    return false;
}

/// Room for a person id that begins within the shown part, and one more character to see where its
/// run ends.
std::string masked_start(std::string_view text, std::size_t shown) {
    auto masked = mask_person_ids(first_code_points(text, shown + person_id_length + 1));
    for (auto at = masked.find('\0'); at != std::string::npos; at = masked.find('\0', at)) {
        masked.replace(at, 1, "\xEF\xBF\xBD");
    }
    return masked;
}

}  // namespace

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues_code_point(c); }));
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (continues_code_point(text[i])) continue;
        if (count-- == 0) return text.substr(0, i);
    }
    return text;
}

bool is_blank(std::string_view text) {
    while (!text.empty()) {
        if (text.front() == ' ')
            text.remove_prefix(1);
        else if (text.starts_with(ideographic_space))
            text.remove_prefix(ideographic_space.size());
        else
            return false;
    }
    return true;
}

bool has_control_character(std::string_view text) {
    // Eight bytes at a time; a word that may hold one is looked at byte by byte.
    std::size_t i = 0;
    for (; i + sizeof(std::uint64_t) <= text.size(); i += sizeof(std::uint64_t)) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, sizeof word);
        if (may_hold_control_character(word) && has_control_byte(text, i, i + sizeof word))
            return true;
    }
    return has_control_byte(text, i, text.size());
}

std::string masked_person_id(std::string_view text) {
    const auto start = first_code_points(text, person_id_length + 1);
    if (code_points(start) != person_id_length || start.size() != text.size()) return "***";
    std::string masked(first_code_points(text, 3));
    return masked.append("*****").append(
        text.substr(first_code_points(text, person_id_length - 2).size()));
}

std::string masked_person_name(std::string_view text) {
    return shown_text(first_code_points(text, 1)) + "○";
}

std::string shown_text(std::string_view text, std::size_t most) {
    const bool cut = first_code_points(text, most).size() < text.size();
    std::string shown(first_code_points(masked_start(text, most), most));
    return cut ? shown + "…" : shown;
}

std::string shown_key(std::string_view key) {
    // Too short for a person id; keys mostly are.
    if (key.size() < person_id_length && key.find('\0') == std::string_view::npos)
        return std::string(key);
    return std::string(first_code_points(masked_start(key, shown_code_points), shown_code_points));
}

std::string pointer_token(std::string_view key) {
    std::string token;
    for (const char c : key) {
        if (c == '~')
            token += "~0";
        else if (c == '/')
            token += "~1";
        else
            token += c;
    }
    return token;
}

bool holds_person_id(std::string_view text) {
    if (text.size() < person_id_length) return false;
    bool found = false;
    for_each_run(text, [&](std::size_t begin, std::size_t end) {
        found = found || (end - begin == person_id_length &&
                          is_person_id(text.substr(begin, person_id_length)));
    });
    return found;
}

std::string mask_person_ids(std::string_view text) {
    return masked_where(text, has_person_id_shape);
}

std::string mask_valid_person_ids(std::string_view text) {
    if (text.size() < person_id_length) return std::string(text);
    return masked_where(text, [](std::string_view run) {
        return has_person_id_shape(run) && is_person_id(in_capitals(run));
    });
}

}  // namespace chaiqin::checking
