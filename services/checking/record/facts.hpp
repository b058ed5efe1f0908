#pragma once
// A record as both passes see it: the slots of its listed keys (docs/checks.md, "Records") and what
// is derived from them. The accepting pass reuses one for a whole file.
#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

#include "checking/reading/slot.hpp"
#include "domain/calendar.hpp"
#include "domain/leave_types.hpp"
#include "domain/validated_file.hpp"

namespace chaiqin::checking {

using domain::RecordKind;

/// Where a key's slot is; the keys of both kinds come first, the names are the keys themselves.
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
namespace leave_key {
enum : std::uint8_t {
    leave_type = key::common_count,
    sub_type,
    start_date,
    start_time,
    end_date,
    end_time,
    leave_minutes,
    reason,
    location,
    abroad_type,
    event_date,
    count
};
}
namespace overtime_key {
enum : std::uint8_t {
    overtime_type = key::common_count,
    day_type,
    overtime_date,
    start_date,
    start_time,
    end_date,
    end_time,
    reason,
    location,
    approval_no,
    overtime_minutes,
    paid_minutes,
    comp_minutes,
    award_minutes,
    void_minutes,
    count
};
}
inline constexpr std::size_t most_record_keys = overtime_key::count;

inline constexpr domain::Day no_day = std::numeric_limits<domain::Day>::min();
inline constexpr int no_minute = -1;
inline constexpr int minutes_a_day = 1440;

struct RecordFacts {
    RecordKind kind = RecordKind::leave;
    std::array<Slot, most_record_keys> slots;
    // Derived from the slots; the value in parentheses stands where the slot does not hold one.
    domain::Day start_day = no_day, end_day = no_day, overtime_day = no_day, event_day = no_day;
    int start_minute = no_minute, end_minute = no_minute;  ///< of the day; an end may be 1440
    domain::Month record_month = 0;                        ///< of record_day (0)
    int type = 0;                                          ///< leave 1..99, overtime 1..3 (0)
    const domain::LeaveType* leave_type =
        nullptr;                       ///< the row covering start_date, else the latest
    bool leave_type_in_force = false;  ///< it covers start_date

    const Slot& slot(std::size_t index) const { return slots[index]; }
    std::string_view text(std::size_t index) const { return slots[index].text; }
    std::int64_t integer(std::size_t index) const { return slots[index].integer; }
    /// start_date of a leave, overtime_date of overtime: decides the month and the agency.
    domain::Day record_day() const { return kind == RecordKind::leave ? start_day : overtime_day; }
    std::int64_t span_minutes() const {
        return (std::int64_t{end_day} - start_day) * minutes_a_day + end_minute - start_minute;
    }
    bool is_deletion() const {
        return slots[key::action].type == ValueType::string && text(key::action) == "D";
    }
};

/// Fills what is derived, from slots that may hold anything.
void derive_leave(RecordFacts& facts, const domain::LeaveTypes& types);
void derive_overtime(RecordFacts& facts);

}  // namespace chaiqin::checking
