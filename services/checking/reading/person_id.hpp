#pragma once
// Shape and check digit of 身分證統一編號 and the resident numbers (docs/checks.md, "Person id").
#include <cstdint>
#include <string_view>

namespace chaiqin::checking {

namespace person_id_detail {
// A–Z: the two digits a letter stands for.
inline constexpr std::uint8_t letter_values[26] = {10, 11, 12, 13, 14, 15, 16, 17, 34,
                                                   18, 19, 20, 21, 22, 35, 23, 24, 25,
                                                   26, 27, 28, 29, 32, 30, 31, 33};
}  // namespace person_id_detail

enum class PersonIdForm : std::uint8_t { malformed, citizen_or_resident, old_resident };

constexpr PersonIdForm person_id_form(std::string_view text) {
    if (text.size() != 10 || text[0] < 'A' || text[0] > 'Z') return PersonIdForm::malformed;
    for (std::size_t i = 2; i < 10; ++i) {
        if (text[i] < '0' || text[i] > '9') return PersonIdForm::malformed;
    }
    const char second = text[1];
    if (second == '1' || second == '2' || second == '8' || second == '9')
        return PersonIdForm::citizen_or_resident;
    return second >= 'A' && second <= 'D' ? PersonIdForm::old_resident : PersonIdForm::malformed;
}

/// Of a text with a good form only.
constexpr bool person_id_check_digit_holds(std::string_view text) {
    using person_id_detail::letter_values;
    const int first = letter_values[text[0] - 'A'];
    const int second = text[1] >= 'A' ? letter_values[text[1] - 'A'] % 10 : text[1] - '0';
    int sum = first / 10 + first % 10 * 9 + second * 8;
    for (std::size_t i = 2; i < 9; ++i) sum += (text[i] - '0') * static_cast<int>(9 - i);
    return (sum + text[9] - '0') % 10 == 0;
}

constexpr bool is_person_id(std::string_view text) {
    return person_id_form(text) != PersonIdForm::malformed && person_id_check_digit_holds(text);
}

static_assert(is_person_id("A123456789") && is_person_id("A800000014") &&
              is_person_id("AB23456789"));
static_assert(!is_person_id("A123456788"));

}  // namespace chaiqin::checking
