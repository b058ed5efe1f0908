#pragma once
// The check codes that a look at one file can raise (schemas/rules/rules.csv), as an enumeration in
// the order of that file. Not here: F03 (a whole request; gateway), F11 and F13 (stored
// submissions; validator), and the rules that need stored records or Table 19 (agency_matcher).
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace chaiqin::checking {

// clang-format off
enum class Code : std::uint8_t {
    F01, F02, F04, F05, F06, F07, F08, F09, F10, F12,
    E01, E02, E03, E04, E05, E06, E07, E08, E09, E10, E11, E12, E13, E14, E15, E16, E17, E18,
    S01, S02, S03, S04, S05, S06, S07,
    C01, C02, C03, C04, C05, C06, C07, C08, C09, C10, C11,
    L01, L02, L03, L04, L05, L06, L07, L08, L09, L10, L11, L12, L13, L14, L15, L16, L17, L18, L19, L20, L21, L22,
    O01, O02, O03, O04, O05, O06, O07, O08, O09, O10, O11, O12, O13, O14, O15, O16, O17, O26, O27,
    U01,
    none
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Code::none)> code_names = {
    "F01", "F02", "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F12",
    "E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09", "E10", "E11", "E12", "E13", "E14", "E15", "E16",
    "E17", "E18",
    "S01", "S02", "S03", "S04", "S05", "S06", "S07",
    "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "C11",
    "L01", "L02", "L03", "L04", "L05", "L06", "L07", "L08", "L09", "L10", "L11", "L12", "L13", "L14", "L15", "L16",
    "L17", "L18", "L19", "L20", "L21", "L22",
    "O01", "O02", "O03", "O04", "O05", "O06", "O07", "O08", "O09", "O10", "O11", "O12", "O13", "O14", "O15", "O16",
    "O17", "O26", "O27",
    "U01"};
// clang-format on
static_assert(code_names.back() == "U01");

inline constexpr std::size_t code_count = code_names.size();
constexpr std::size_t index_of(Code code) { return static_cast<std::size_t>(code); }
constexpr std::string_view name_of(Code code) { return code_names[index_of(code)]; }

/// What they find could be neither stored nor counted: they guard the keys that the columns are
/// made of (columns.hpp), so they run even when switched off. Any other rule that is switched off
/// leaves the record good.
inline constexpr Code codes_of_storing[] = {Code::S01, Code::S02, Code::S03, Code::S05, Code::C02,
                                            Code::C03, Code::C04, Code::C05, Code::C08, Code::L01,
                                            Code::L04, Code::L06, Code::L08, Code::L12, Code::O01,
                                            Code::O04, Code::O10};
constexpr bool guards_storing(Code code) {
    return std::find(std::begin(codes_of_storing), std::end(codes_of_storing), code) !=
           std::end(codes_of_storing);
}

}  // namespace chaiqin::checking
