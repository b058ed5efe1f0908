#pragma once
// Everything about a leave record: its keys, its checks, and the table of both. One function per
// check, named by its public code: true means broken. What a check means stands in docs/checks.md.
// Inline, because the accepting pass runs all of them on every record.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "checking/record/both_kinds.hpp"

namespace chaiqin::checking::leave {

/// In the order of the table; the names are the keys themselves.
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
    key_count
};
static_assert(key_count <= KeySet::most_keys);

// Checks of one key.
inline bool L01(const RecordFacts& r) { return r.leave_type == nullptr; }
inline bool L03(const RecordFacts& r) {
    if (r.leave_type == nullptr) return false;
    const auto given = r.text(sub_type);
    if (is_blank(given)) return r.leave_type->needs_sub_type;
    const auto& allowed = r.leave_type->sub_types;
    return std::find(allowed.begin(), allowed.end(), given) == allowed.end();
}
inline bool L04(const RecordFacts& r) { return r.start_day == no_day; }
inline bool L05(const RecordFacts& r) { return r.start_minute == no_minute; }
inline bool L06(const RecordFacts& r) { return r.end_day == no_day; }
inline bool L07(const RecordFacts& r) { return r.end_minute == no_minute; }
inline bool L12(const RecordFacts& r) { return !within(r.integer(leave_minutes), 1, 525'600); }
inline bool L19(const RecordFacts& r) { return !one_character_of(r.text(abroad_type), "0123"); }
/// A date, or blank. Where a date is needed, a blank one is L21.
inline bool L20(const RecordFacts& r) {
    return r.event_day == no_day && !is_blank(r.text(event_date));
}

inline constexpr auto own_fields = std::to_array<RecordField>({
    {.key = "leave_type",
     .name = "假別代碼",
     .blank_forbidden = true,
     .formats = {{{.code = "L01", .broken = L01, .needed_to_store = true}}},
     .expected = "假別代碼表之 2 碼代碼"},
    {.key = "sub_type",
     .name = "假別細類",
     .formats = {{{.code = "L03", .broken = L03}}},
     .expected = "該假別之細類代碼；無細類者為空字串"},
    {.key = "start_date",
     .name = "請假起日",
     .blank_forbidden = true,
     .formats = {{{.code = "L04", .broken = L04, .needed_to_store = true}}},
     .expected = "民國年月日 7 碼，如 1151005"},
    {.key = "start_time",
     .name = "請假起時",
     .blank_forbidden = true,
     .formats = {{{.code = "L05", .broken = L05}}},
     .expected = "0000 至 2359"},
    {.key = "end_date",
     .name = "請假迄日",
     .blank_forbidden = true,
     .formats = {{{.code = "L06", .broken = L06, .needed_to_store = true}}},
     .expected = "民國年月日 7 碼，如 1151005"},
    {.key = "end_time",
     .name = "請假迄時",
     .blank_forbidden = true,
     .formats = {{{.code = "L07", .broken = L07}}},
     .expected = "0000 至 2359，或 2400"},
    {.key = "leave_minutes",
     .name = "請假分鐘數",
     .type = ValueType::integer,
     .formats = {{{.code = "L12", .broken = L12, .needed_to_store = true}}},
     .expected = "1 至 525600 之整數"},
    {.key = "reason",
     .name = "事由",
     .longest_code_points = 200,
     .blank_is_nothing = true,
     .expected = "200 字內",
     .shown = Shown::only_length},
    {.key = "location",
     .name = "地點",
     .longest_code_points = 100,
     .blank_is_nothing = true,
     .expected = "100 字內",
     .shown = Shown::only_length},
    {.key = "abroad_type",
     .name = "出國別",
     .blank_forbidden = true,
     .formats = {{{.code = "L19", .broken = L19}}},
     .expected = "0 國內、1 國外、2 大陸、3 港澳"},
    {.key = "event_date",
     .name = "事實發生日",
     .formats = {{{.code = "L20", .broken = L20}}},
     .expected = "民國年月日 7 碼，或空字串"},
});
inline constexpr auto fields = joined(common_fields, own_fields);
static_assert(fields.size() == key_count);

// Checks over several keys, or against the world: each may take for granted that the keys which its
// row reads are sound.
inline bool L02(const RecordFacts& r, const World&) { return !r.leave_type_in_force; }
inline std::string leave_type_name(const RecordFacts& r, const World&) {
    return r.leave_type->name;
}
inline bool L08(const RecordFacts& r, const World&) { return ends_before_it_starts(r); }
inline bool L09(const RecordFacts& r, const World& world) { return in_later_month(r, world); }
inline bool L10(const RecordFacts& r, const World& world) { return in_too_old_month(r, world); }
inline bool L11(const RecordFacts& r, const World& world) { return in_earlier_month(r, world); }
inline bool L13(const RecordFacts& r, const World&) {
    return r.integer(leave_minutes) > r.span_minutes();
}

/// The last day that a leave (end after start) touches. Spans are half-open: a leave that ends at
/// 0000 does not touch that day.
inline domain::Day last_day_touched(const RecordFacts& r) {
    return r.end_minute == 0 ? r.end_day - 1 : r.end_day;
}

/// The sum, over the touched days that count, of min(480, clock minutes of the leave in that day).
/// Nothing where a day is outside the office calendar, so that nobody knows whether it counts.
inline std::optional<std::int64_t> office_minutes(const RecordFacts& r,
                                                  const domain::OfficeCalendar& calendar) {
    constexpr std::int64_t office_day = 480;
    const auto first = r.start_day, last = last_day_touched(r);
    const auto counting_days = [&](domain::Day from,
                                   domain::Day to) -> std::optional<std::int64_t> {
        if (r.leave_type->calendar_basis) return std::max(0, to - from + 1);
        const auto working = calendar.working_days(from, to);
        return working ? std::optional<std::int64_t>(*working) : std::nullopt;
    };
    const auto on_first = counting_days(first, first), on_last = counting_days(last, last);
    if (!on_first || !on_last) return std::nullopt;
    if (first == last) return *on_first * std::min(office_day, r.span_minutes());
    const auto between = counting_days(first + 1, last - 1);
    const std::int64_t last_minutes = r.end_minute == 0 ? minutes_a_day : r.end_minute;
    return *on_first * std::min<std::int64_t>(office_day, minutes_a_day - r.start_minute) +
           *between * office_day + *on_last * std::min(office_day, last_minutes);
}

inline bool L14(const RecordFacts& r, const World& world) {
    const auto office = office_minutes(r, world.registry.calendar);
    return office && r.integer(leave_minutes) > *office;
}
inline std::string office_minutes_at_most(const RecordFacts& r, const World& world) {
    return minutes_at_most(office_minutes(r, world.registry.calendar).value());
}
inline bool L15(const RecordFacts& r, const World&) { return r.integer(leave_minutes) % 60 != 0; }
inline bool L16(const RecordFacts& r, const World& world) {
    if (r.leave_type->calendar_basis) return false;
    const auto working = world.registry.calendar.working_days(r.start_day, last_day_touched(r));
    return working && *working == 0;
}
inline bool L17(const RecordFacts& r, const World&) {
    return std::int64_t{r.end_day} - r.start_day + 1 > 366;
}
inline bool L18(const RecordFacts& r, const World&) {
    if (!is_blank(r.text(location))) return false;
    if (r.leave_type->needs_location || r.text(abroad_type) != "0") return true;
    const auto& needing = r.leave_type->location_sub_types;
    return std::find(needing.begin(), needing.end(), r.text(sub_type)) != needing.end();
}
inline bool L21(const RecordFacts& r, const World&) {
    return r.leave_type->needs_event_date && is_blank(r.text(event_date));
}
inline bool L22(const RecordFacts& r, const World&) {
    if (r.event_day == no_day) return false;
    const auto &before = r.leave_type->window_before_days, &after = r.leave_type->window_after_days;
    return (before && r.start_day < r.event_day - *before) ||
           (after && r.end_day > r.event_day + *after);
}
inline std::string window_around_event(const RecordFacts& r, const World&) {
    const auto& type = *r.leave_type;
    std::string text = "事實發生日";
    if (type.window_before_days) text += "前 " + std::to_string(*type.window_before_days) + " 日";
    if (type.window_before_days && type.window_after_days) text += "至";
    if (type.window_after_days) text += "後 " + std::to_string(*type.window_after_days) + " 日";
    return text;
}

inline constexpr KeySet span = {start_date, start_time, end_date, end_time};

inline constexpr auto own_checks = std::to_array<RecordCheck>({
    {.code = "L02",
     .points_at = leave_type,
     .reads = {leave_type, start_date},
     .broken = L02,
     .expected = "請假起日施行中之假別",
     .fills = {.placeholder = 'n', .text = leave_type_name}},
    {.code = "L08",
     .points_at = end_time,
     .reads = span,
     .broken = L08,
     .expected = "晚於起日時",
     .needed_to_store = true},
    {.code = "L09",
     .points_at = start_date,
     .reads = {start_date},
     .broken = L09,
     .expected = "不晚於資料年月"},
    {.code = "L10",
     .points_at = start_date,
     .reads = {start_date},
     .broken = L10,
     .expected = "資料年月及其前 26 個月內"},
    {.code = "L11",
     .points_at = start_date,
     .reads = {start_date},
     .broken = L11,
     .expected = "資料年月內之日期"},
    {.code = "L13",
     .points_at = leave_minutes,
     .reads = span | KeySet{leave_minutes},
     .broken = L13,
     .hidden_by = {"L08"},
     .expected_here = minutes_of_span},
    {.code = "L15",
     .points_at = leave_minutes,
     .reads = {leave_minutes},
     .broken = L15,
     .hidden_by = {"L08"},
     .expected = "60 之倍數"},
    {.code = "L16",
     .points_at = start_date,
     .reads = span | KeySet{leave_type},
     .broken = L16,
     .hidden_by = {"L08"},
     .expected = "至少含一個上班日"},
    {.code = "L14",
     .points_at = leave_minutes,
     .reads = span | KeySet{leave_type, leave_minutes},
     .broken = L14,
     .hidden_by = {"L08", "L13", "L16"},
     .expected_here = office_minutes_at_most},
    {.code = "L17",
     .points_at = end_date,
     .reads = {start_date, end_date},
     .broken = L17,
     .expected = "至多 366 日"},
    {.code = "L18",
     .points_at = location,
     .reads = {leave_type, sub_type, abroad_type, location},
     .broken = L18,
     .expected = "公差、公出、公假 (出差性質) 及出國須填地點"},
    {.code = "L21",
     .points_at = event_date,
     .reads = {leave_type, event_date},
     .broken = L21,
     .expected = "民國年月日 7 碼",
     .fills = {.placeholder = 'n', .text = leave_type_name}},
    {.code = "L22",
     .points_at = start_date,
     .reads = {leave_type, start_date, end_date, event_date},
     .broken = L22,
     .expected_here = window_around_event},
});
inline constexpr auto checks = joined(common_checks(start_date), own_checks);

static_assert(hiding_checks_come_first(checks));

}  // namespace chaiqin::checking::leave
