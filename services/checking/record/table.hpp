#pragma once
// The table of checks of either kind of record, for code that takes both.
#include <span>

#include "checking/record/leave.hpp"
#include "checking/record/overtime.hpp"

namespace chaiqin::checking {

struct RecordTable {
    std::span<const RecordField> fields;
    /// Over several keys.
    std::span<const RecordCheck> checks;
    /// The keys of which the columns of a line are made.
    KeySet column_keys;
};

constexpr KeySet column_keys_of(std::span<const RecordField> fields) {
    KeySet keys;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        for (const auto& format : fields[i].formats) {
            if (format.needed_to_store) keys.add(i);
        }
    }
    return keys;
}

constexpr KeySet required_keys_of(std::span<const RecordField> fields) {
    KeySet keys;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].required) keys.add(i);
    }
    return keys;
}

inline constexpr RecordTable leave_table = {leave::fields, leave::checks,
                                            column_keys_of(leave::fields)};
inline constexpr RecordTable overtime_table = {overtime::fields, overtime::checks,
                                               column_keys_of(overtime::fields)};
inline const RecordTable& table_of(RecordKind kind) {
    return kind == RecordKind::leave ? leave_table : overtime_table;
}

}  // namespace chaiqin::checking
