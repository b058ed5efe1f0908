#pragma once
// Where things stand in a file: its first fault of syntax in byte order, if it has one, else its
// top-level members and the elements of its two arrays.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checking/reading/seeded_hash.hpp"
#include "domain/validated_file.hpp"

namespace chaiqin::checking {

/// F09; the root object is level 1.
inline constexpr std::size_t deepest_level = 5;
/// Of both arrays together (F10).
inline constexpr std::uint32_t most_records = 20'000;
inline constexpr std::string_view leave_records_key = "leave_records";
inline constexpr std::string_view overtime_records_key = "overtime_records";

struct Elements {
    /// The key is there and its value is an array.
    bool is_array = false;
    std::uint32_t count = 0;
    /// Where each element begins; filled by scan_layout only.
    std::vector<std::uint32_t> at;
};

struct Layout {
    bool root_is_object = false;
    /// The opening quote of each top-level key, in order.
    std::vector<std::uint32_t> members;
    /// By RecordKind.
    std::array<Elements, 2> arrays;
    Elements& of(domain::RecordKind kind) { return arrays[static_cast<std::size_t>(kind)]; }
    const Elements& of(domain::RecordKind kind) const {
        return arrays[static_cast<std::size_t>(kind)];
    }
};

struct SyntaxFault {
    enum class Kind : std::uint8_t { no_json, repeated_key, too_deep };
    Kind kind = Kind::no_json;
    /// The byte of the fault.
    std::size_t at = 0;
    /// Of a repeated key only: its pointer, and the key as it may be shown.
    std::string pointer, key;
};

struct ScannedFile {
    std::optional<SyntaxFault> fault;
    /// Complete only without a fault.
    Layout layout;
};

/// Reads the whole text (without BOM) exactly, iteratively.
ScannedFile scan_layout(std::string_view bytes, SeededHash hash);

/// Line and code point of a byte, both from 1.
struct LinePosition {
    std::size_t line = 1, code_point = 1;
};
LinePosition line_position(std::string_view bytes, std::size_t at);

}  // namespace chaiqin::checking
