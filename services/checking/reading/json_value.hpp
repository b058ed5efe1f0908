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
    bool truth = false;        ///< of a boolean
    std::int64_t integer = 0;  ///< of an integer; what lies above is the greatest value there is
    std::string_view text;     ///< of a string, unescaped
    std::string_view
        raw;  ///< the token or value as it stands in the file; only in the explaining pass
};

}  // namespace chaiqin::checking
