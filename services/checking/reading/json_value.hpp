#pragma once
// The value of one key as both passes see it: its JSON type and, for strings and integers, its
// parsed value.
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chaiqin::checking {

enum class ValueType : std::uint8_t {
    missing,
    string,
    integer,
    number,
    boolean,
    null,
    object,
    array
};

struct JsonValue {
    ValueType type = ValueType::missing;
    /// Of a boolean.
    bool truth = false;
    /// Of an integer. One that is too great for the type is the greatest value that there is.
    std::int64_t integer = 0;
    /// Of a string, unescaped.
    std::string_view text;
    /// The value as it stands in the file; only in the explaining pass.
    std::string_view raw;
};

}  // namespace chaiqin::checking
