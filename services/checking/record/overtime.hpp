#pragma once
// Everything about an overtime record: its keys, its checks, and the table of both. One function
// per check, named by its public code: true means broken. What a check means stands in
// docs/checks.md. Inline, because the accepting pass runs all of them on every record.
#include <array>
#include <string>

#include "checking/record/both_kinds.hpp"

namespace chaiqin::checking::overtime {

/// In the order of the table; the names are the keys themselves.
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
    key_count
};
static_assert(key_count <= KeySet::most_keys);

// Checks of one key.
inline bool O01(const RecordFacts& r) { return r.type == 0; }
inline bool O02(const RecordFacts& r) { return !one_character_of(r.text(day_type), "1234"); }
inline bool O04(const RecordFacts& r) { return r.overtime_day == no_day; }
/// One code for four keys; the message names the key.
inline bool O05_start_date(const RecordFacts& r) { return r.start_day == no_day; }
inline bool O05_start_time(const RecordFacts& r) { return r.start_minute == no_minute; }
inline bool O05_end_date(const RecordFacts& r) { return r.end_day == no_day; }
inline bool O05_end_time(const RecordFacts& r) { return r.end_minute == no_minute; }
inline bool O10(const RecordFacts& r) {
    return !within(r.integer(overtime_minutes), 1, minutes_a_day);
}
inline bool O12(const RecordFacts& r) { return r.integer(paid_minutes) < 0; }
inline bool O13(const RecordFacts& r) { return r.integer(comp_minutes) < 0; }
inline bool O14(const RecordFacts& r) { return r.integer(award_minutes) < 0; }
inline bool O15(const RecordFacts& r) { return r.integer(void_minutes) < 0; }

inline constexpr auto own_fields = std::to_array<RecordField>({
    {.key = "overtime_type",
     .name = "加班別",
     .blank_forbidden = true,
     .formats = {{{.code = "O01", .broken = O01, .needed_to_store = true}}},
     .expected = "1 一般、2 專案、3 季節性週期性"},
    {.key = "day_type",
     .name = "日別",
     .blank_forbidden = true,
     .formats = {{{.code = "O02", .broken = O02}}},
     .expected = "1 上班日、2 休息日例假、3 國定假日、4 天災停班日"},
    {.key = "overtime_date",
     .name = "加班日期",
     .blank_forbidden = true,
     .formats = {{{.code = "O04", .broken = O04, .needed_to_store = true}}},
     .expected = "民國年月日 7 碼，如 1151005"},
    {.key = "start_date",
     .name = "加班起日",
     .blank_forbidden = true,
     .formats = {{{.code = "O05", .broken = O05_start_date}}},
     .expected = "民國年月日 7 碼，如 1151005"},
    {.key = "start_time",
     .name = "加班起時",
     .blank_forbidden = true,
     .formats = {{{.code = "O05", .broken = O05_start_time}}},
     .expected = "0000 至 2359"},
    {.key = "end_date",
     .name = "加班迄日",
     .blank_forbidden = true,
     .formats = {{{.code = "O05", .broken = O05_end_date}}},
     .expected = "民國年月日 7 碼，如 1151005"},
    {.key = "end_time",
     .name = "加班迄時",
     .blank_forbidden = true,
     .formats = {{{.code = "O05", .broken = O05_end_time}}},
     .expected = "0000 至 2359，或 2400"},
    {.key = "reason",
     .name = "加班事由",
     .blank_forbidden = true,
     .longest_code_points = 200,
     .expected = "200 字內，不得為空白",
     .shown = Shown::only_length},
    {.key = "location",
     .name = "加班地點",
     .longest_code_points = 100,
     .blank_is_nothing = true,
     .expected = "100 字內",
     .shown = Shown::only_length},
    {.key = "approval_no",
     .name = "核准文號",
     .longest_code_points = 60,
     .blank_is_nothing = true,
     .expected = "60 字內"},
    {.key = "overtime_minutes",
     .name = "加班分鐘數",
     .type = ValueType::integer,
     .formats = {{{.code = "O10", .broken = O10, .needed_to_store = true}}},
     .expected = "1 至 1440 之整數"},
    {.key = "paid_minutes",
     .name = "加班已請領分鐘數",
     .type = ValueType::integer,
     .formats = {{{.code = "O12", .broken = O12}}},
     .expected = "0 以上之整數"},
    {.key = "comp_minutes",
     .name = "加班已補休分鐘數",
     .type = ValueType::integer,
     .formats = {{{.code = "O13", .broken = O13}}},
     .expected = "0 以上之整數"},
    {.key = "award_minutes",
     .name = "加班已獎勵分鐘數",
     .type = ValueType::integer,
     .formats = {{{.code = "O14", .broken = O14}}},
     .expected = "0 以上之整數"},
    {.key = "void_minutes",
     .name = "加班不計分鐘數",
     .type = ValueType::integer,
     .formats = {{{.code = "O15", .broken = O15}}},
     .expected = "0 以上之整數"},
});
inline constexpr auto fields = joined(common_fields, own_fields);
static_assert(fields.size() == key_count);

// Checks over several keys, or against the world: each may take for granted that the keys which its
// row reads are sound.
inline bool O03(const RecordFacts& r, const World& world) {
    const auto off = world.registry.calendar.day_off(r.overtime_day);
    const char type = r.text(day_type)[0];
    return off && ((type == '1' && *off) || ((type == '2' || type == '3') && !*off));
}
inline std::string day_type_of_calendar(const RecordFacts& r, const World& world) {
    const auto off = world.registry.calendar.day_off(r.overtime_day);
    return off.value_or(false) ? "2 或 3 (辦公日曆為放假日)" : "1 (辦公日曆為上班日)";
}
inline bool O06(const RecordFacts& r, const World&) { return ends_before_it_starts(r); }
inline bool O07(const RecordFacts& r, const World&) { return r.span_minutes() > minutes_a_day; }
inline bool O08(const RecordFacts& r, const World&) {
    return !within(r.start_day - r.overtime_day, 0, 1);
}
inline bool O09(const RecordFacts& r, const World& world) { return in_later_month(r, world); }
inline bool O26(const RecordFacts& r, const World& world) { return in_too_old_month(r, world); }
inline bool O27(const RecordFacts& r, const World& world) { return in_earlier_month(r, world); }
inline bool O11(const RecordFacts& r, const World&) {
    return r.integer(overtime_minutes) > r.span_minutes();
}
inline bool O16(const RecordFacts& r, const World&) {
    std::int64_t left = r.integer(overtime_minutes);
    for (const auto part : {paid_minutes, comp_minutes, award_minutes, void_minutes}) {
        // A part above what is left decides at once, so sums of great numbers never overflow.
        if (r.integer(part) > left) return true;
        left -= r.integer(part);
    }
    return false;
}
inline std::string sum_of_minutes(const RecordFacts& r, const World&) {
    return "合計" + minutes_at_most(r.integer(overtime_minutes));
}
inline bool O17(const RecordFacts& r, const World&) {
    return r.type == 2 && is_blank(r.text(approval_no));
}

inline constexpr KeySet span = {start_date, start_time, end_date, end_time};

inline constexpr auto own_checks = std::to_array<RecordCheck>({
    {.code = "O03",
     .points_at = day_type,
     .reads = {day_type, overtime_date},
     .broken = O03,
     .expected_here = day_type_of_calendar},
    {.code = "O06", .points_at = end_time, .reads = span, .broken = O06, .expected = "晚於起日時"},
    {.code = "O07",
     .points_at = end_time,
     .reads = span,
     .broken = O07,
     .hidden_by = {"O06"},
     .expected = "起迄至多 24 小時"},
    {.code = "O08",
     .points_at = overtime_date,
     .reads = {overtime_date, start_date},
     .broken = O08,
     .expected = "加班起日或其前一日"},
    {.code = "O09",
     .points_at = overtime_date,
     .reads = {overtime_date},
     .broken = O09,
     .expected = "不晚於資料年月"},
    {.code = "O26",
     .points_at = overtime_date,
     .reads = {overtime_date},
     .broken = O26,
     .expected = "資料年月及其前 26 個月內"},
    {.code = "O27",
     .points_at = overtime_date,
     .reads = {overtime_date},
     .broken = O27,
     .expected = "資料年月內之日期"},
    {.code = "O11",
     .points_at = overtime_minutes,
     .reads = span | KeySet{overtime_minutes},
     .broken = O11,
     .hidden_by = {"O06"},
     .expected_here = minutes_of_span},
    {.code = "O16",
     .points_at = paid_minutes,
     .reads = {overtime_minutes, paid_minutes, comp_minutes, award_minutes, void_minutes},
     .broken = O16,
     .expected_here = sum_of_minutes},
    {.code = "O17",
     .points_at = approval_no,
     .reads = {overtime_type, approval_no},
     .broken = O17,
     .expected = "專案加班之核准文號"},
});
inline constexpr auto checks = joined(common_checks(overtime_date), own_checks);

static_assert(hiding_checks_come_first(checks));

}  // namespace chaiqin::checking::overtime
