#include "checking/text.hpp"

#include <algorithm>

#include "checking/check.hpp"
#include "checking/person_id.hpp"

namespace chaiqin::checking {

namespace {

constexpr std::size_t person_id_length = 10;
constexpr std::size_t shown_code_points = 64;
constexpr std::string_view ideographic_space = "\xE3\x80\x80";

constexpr bool alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// The shape of a person id; small letters count too, since they give the person away as well.
bool has_person_id_shape(std::string_view run) {
    if (run.size() != person_id_length) return false;
    std::string upper(run);
    for (auto& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return person_id_form(upper) != PersonIdForm::malformed;
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

/// Room for a person id that begins within the shown part, and one more character to see where its run ends.
std::string masked_start(std::string_view text) {
    auto masked = mask_person_ids(first_code_points(text, shown_code_points + person_id_length + 1));
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
        if (text.front() == ' ') text.remove_prefix(1);
        else if (text.starts_with(ideographic_space)) text.remove_prefix(ideographic_space.size());
        else return false;
    }
    return true;
}

bool has_control_character(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F) return true;
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
    }
    return false;
}

std::string masked_person_id(std::string_view text) {
    const auto start = first_code_points(text, person_id_length + 1);
    if (code_points(start) != person_id_length || start.size() != text.size()) return "***";
    std::string masked(first_code_points(text, 3));
    return masked.append("*****").append(text.substr(first_code_points(text, person_id_length - 2).size()));
}

std::string masked_person_name(std::string_view text) {
    return shown_text(first_code_points(text, 1)) + "○";
}

std::string shown_text(std::string_view text) {
    const bool cut = first_code_points(text, shown_code_points).size() < text.size();
    std::string shown(first_code_points(masked_start(text), shown_code_points));
    return cut ? shown + "…" : shown;
}

std::string shown_key(std::string_view key) { return std::string(first_code_points(masked_start(key), shown_code_points)); }

std::string pointer_token(std::string_view key) {
    std::string token;
    for (const char c : key) {
        if (c == '~') token += "~0";
        else if (c == '/') token += "~1";
        else token += c;
    }
    return token;
}

bool holds_person_id(std::string_view text) {
    if (text.size() < person_id_length) return false;
    bool found = false;
    for_each_run(text, [&](std::size_t begin, std::size_t end) {
        found = found || (end - begin == person_id_length && is_person_id(text.substr(begin, person_id_length)));
    });
    return found;
}

std::string mask_person_ids(std::string_view text) {
    std::string masked(text);
    for_each_run(text, [&](std::size_t begin, std::size_t end) {
        const auto run = text.substr(begin, end - begin);
        if (has_person_id_shape(run)) masked.replace(begin, run.size(), masked_person_id(run));
    });
    return masked;
}

}  // namespace chaiqin::checking
