#pragma once
// The public code of a check, such as L18: a letter and two digits, as schemas/rules/rules.csv
// names it. There is no list of codes here. A code belongs to the check that raises it; every check
// stands in check_table.hpp, and a unit test compares them with rules.csv.
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chaiqin::checking {

class Code {
public:
    /// No code.
    constexpr Code() = default;
    /// Code("L18"), or "L18" where a Code is wanted. A name that cannot be a code does not compile.
    consteval Code(const char (&name)[4]) : index_(index_of({name, 3}).value()) {}
    /// Nothing if the name has another form, or a letter that no check of a file has (T: Table 19).
    static constexpr std::optional<Code> from(std::string_view name) {
        const auto index = index_of(name);
        return index ? std::optional(Code(*index)) : std::nullopt;
    }

    constexpr bool is_none() const { return index_ == 0; }
    /// For arrays of `count` elements, one per code. 0 is no code.
    constexpr std::size_t index() const { return index_; }
    constexpr std::string_view name() const { return {names[index_].data(), names[index_].size()}; }
    /// The order of the findings of one key: file, envelope, structure, common, leave, overtime.
    constexpr auto operator<=>(const Code&) const = default;

private:
    static constexpr std::string_view letters = "FESCLOU";
    static constexpr int numbers_per_letter = 32;
    using Name = std::array<char, 3>;

public:
    static constexpr std::size_t count = 1 + letters.size() * numbers_per_letter;

private:
    static constexpr std::array<Name, count> names = [] {
        std::array<Name, count> made{};
        for (std::size_t i = 1; i < count; ++i) {
            const auto number = static_cast<int>((i - 1) % numbers_per_letter);
            made[i] = {letters[(i - 1) / numbers_per_letter], static_cast<char>('0' + number / 10),
                       static_cast<char>('0' + number % 10)};
        }
        return made;
    }();

    constexpr explicit Code(std::uint8_t index) : index_(index) {}
    static constexpr std::optional<std::uint8_t> index_of(std::string_view name) {
        if (name.size() != 3) return std::nullopt;
        const auto letter = letters.find(name[0]);
        const int tens = name[1] - '0', ones = name[2] - '0', number = tens * 10 + ones;
        if (letter == letters.npos || tens < 0 || tens > 9 || ones < 0 || ones > 9 ||
            number >= numbers_per_letter)
            return std::nullopt;
        return static_cast<std::uint8_t>(1 + letter * numbers_per_letter + number);
    }

    std::uint8_t index_ = 0;
};

}  // namespace chaiqin::checking
