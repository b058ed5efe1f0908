#pragma once
// A record as both passes see it: the values of its listed keys, and what is derived from them. The
// accepting pass uses one for a whole file.
#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

#include "checking/reading/json_value.hpp"
#include "checking/rules/key_set.hpp"
#include "domain/calendar.hpp"
#include "domain/leave_types.hpp"
#include "domain/validated_file.hpp"

namespace chaiqin::checking {

using domain::RecordKind;

/// The keys of both kinds of record: where each stands in the table, and in RecordFacts::values.
/// The keys of one kind follow them (leave.hpp, overtime.hpp).
namespace key {
enum : std::uint8_t {
    action,
    record_no,
    record_seq,
    revision,
    person_id,
    person_name,
    org_code,
    common_count
};
}

inline constexpr domain::Day no_day = std::numeric_limits<domain::Day>::min();
inline constexpr int no_minute = -1;
inline constexpr int minutes_a_day = 1440;

struct RecordFacts {
    RecordKind kind = RecordKind::leave;
    std::array<JsonValue, KeySet::most_keys> values;

    // Derived from the values by `derive`.
    /// no_day where the key holds none; overtime_day of overtime only, event_day of leave only.
    domain::Day start_day = no_day, end_day = no_day, overtime_day = no_day, event_day = no_day;
    /// Of the day, or no_minute; an end may be 1440.
    int start_minute = no_minute, end_minute = no_minute;
    /// The month of record_day; 0 where that is no_day.
    domain::Month record_month = 0;
    /// leave_type as a number (1 to 99) or overtime_type (1 to 3); 0 where it is neither.
    int type = 0;
    /// The row of the leave type that covers start_date, else its latest row; null if it has none.
    const domain::LeaveType* leave_type = nullptr;
    /// The row covers start_date.
    bool leave_type_in_force = false;

    const JsonValue& value(std::size_t index) const { return values[index]; }
    std::string_view text(std::size_t index) const { return values[index].text; }
    std::int64_t integer(std::size_t index) const { return values[index].integer; }
    /// start_date of a leave, overtime_date of overtime: it decides the month and the agency.
    domain::Day record_day() const { return kind == RecordKind::leave ? start_day : overtime_day; }
    std::int64_t span_minutes() const {
        return (std::int64_t{end_day} - start_day) * minutes_a_day + end_minute - start_minute;
    }
    bool is_deletion() const {
        return values[key::action].type == ValueType::string && text(key::action) == "D";
    }
};

/// Each fills what is derived, from values that may hold anything.
void derive_leave(RecordFacts& facts, const domain::LeaveTypes& types);
void derive_overtime(RecordFacts& facts);

}  // namespace chaiqin::checking
