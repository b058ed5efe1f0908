#pragma once
// Writes and reads the columns of matching.file_record by the lists in domain/file_line.hpp; a
// member's type says how its column is stored. For the .cpp files of this folder.
#include <type_traits>
#include <vector>

#include "domain/file_line.hpp"
#include "postgres/binary.hpp"
#include "postgres/matching/packed.hpp"

namespace chaiqin::postgres::matching {

template <typename Value>
inline constexpr bool is_packed =
    std::is_same_v<Value, std::uint32_t> || std::is_same_v<Value, std::uint64_t>;

/// The column of all the lines as one field.
template <typename Line, typename Owner, typename Value>
void copy_column(CopyWriter& copy, const std::vector<Line>& lines,
                 const domain::Column<Owner, Value>& column) {
    if constexpr (std::is_same_v<Value, std::string>) {
        copy.text(joined(lines, column.member));
    } else if constexpr (is_packed<Value>) {
        copy.text(packed(lines, column.member));
    } else if constexpr (sizeof(Value) == sizeof(std::int16_t)) {
        copy.int2_array(values_of<std::int16_t>(lines, column.member));
    } else {
        copy.int4_array(values_of<std::int32_t>(lines, column.member));
    }
}

/// The row's field of that name into the lines, one element each.
template <typename Line, typename Owner, typename Value>
void read_column(const Row& row, std::vector<Line>& lines,
                 const domain::Column<Owner, Value>& column) {
    auto line = lines.begin();
    const auto take = [&](auto value) {
        if (line == lines.end())
            throw domain::PermanentFailure("the columns of a stored file differ in length");
        (*line++).*column.member = static_cast<Value>(value);
    };
    if constexpr (is_packed<Value>) {
        each_unpacked<Value>(row.text(column.name), take);
    } else if constexpr (sizeof(Value) == sizeof(std::int16_t)) {
        for (const auto value : row.int2_array(column.name)) take(value);
    } else {
        for (const auto value : row.int4_array(column.name)) take(value);
    }
    if (line != lines.end())
        throw domain::PermanentFailure("the columns of a stored file differ in length");
}

}  // namespace chaiqin::postgres::matching
