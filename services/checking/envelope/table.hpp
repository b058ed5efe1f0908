#pragma once
// Everything about the envelope: its checks, and the table of its keys and checks. One function per
// check, named by its public code: true means broken. What a check means stands in docs/checks.md.
#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "checking/envelope/facts.hpp"
#include "checking/reading/layout.hpp"
#include "checking/rules/check_rows.hpp"
#include "checking/rules/values.hpp"
#include "checking/rules/world.hpp"

namespace chaiqin::checking {

using EnvelopeField = Field<EnvelopeFacts>;
using EnvelopeCheck = CrossCheck<EnvelopeFacts, World, Layout>;

inline constexpr std::array<std::string_view, 3> source_systems = {"WEBITR", "WEBHR", "SELF"};

inline bool E02(const EnvelopeFacts& e) { return e.text(envelope_key::format_version) != "1.0"; }
inline bool E03(const EnvelopeFacts& e) {
    return !is_agency_code(e.text(envelope_key::reporting_org_code));
}
inline bool E06(const EnvelopeFacts& e) { return !e.data_month; }
inline bool E09(const EnvelopeFacts& e) {
    const auto text = e.text(envelope_key::source_system);
    return std::find(source_systems.begin(), source_systems.end(), text) == source_systems.end();
}
inline bool E10(const EnvelopeFacts& e) { return !e.generated_at; }
/// Takes the place of S03 for the two arrays.
inline bool E15(const JsonValue& value) { return value.type != ValueType::array; }

inline constexpr std::array<EnvelopeField, envelope_key::key_count> envelope_fields = {{
    {.key = "format_version",
     .name = "格式版本",
     .blank_forbidden = true,
     .formats = {{{.code = "E02", .broken = E02}}},
     .expected = "1.0"},
    {.key = "reporting_org_code",
     .name = "報送機關代碼",
     .blank_forbidden = true,
     .formats = {{{.code = "E03", .broken = E03}}},
     .expected = "9 碼英數字加 1 碼大寫英文字母"},
    {.key = "data_month",
     .name = "資料年月",
     .blank_forbidden = true,
     .formats = {{{.code = "E06", .broken = E06}}},
     .expected = "民國年月 5 碼，如 11510"},
    {.key = "source_system",
     .name = "來源系統",
     .blank_forbidden = true,
     .formats = {{{.code = "E09", .broken = E09}}},
     .expected = "WEBITR、WEBHR 或 SELF"},
    {.key = "source_version",
     .name = "來源系統版本",
     .required = false,
     .longest_code_points = 30,
     .blank_is_nothing = true,
     .expected = "30 字內"},
    {.key = "generated_at",
     .name = "產製時間",
     .blank_forbidden = true,
     .formats = {{{.code = "E10", .broken = E10}}},
     .expected = "ISO 8601 含秒及時差，如 2026-11-05T09:30:00+08:00"},
    {.key = "batch_no", .name = "批次號", .longest_code_points = 40, .expected = "40 字內"},
    {.key = "part_no",
     .name = "檔案序號",
     .type = ValueType::integer,
     .expected = "1 至總檔數之整數"},
    {.key = "part_count",
     .name = "總檔數",
     .type = ValueType::integer,
     .expected = "1 至 999 之整數"},
    {.key = "leave_count", .name = "差假筆數", .type = ValueType::integer, .expected = "整數"},
    {.key = "overtime_count", .name = "加班筆數", .type = ValueType::integer, .expected = "整數"},
    {.key = "zero_report",
     .name = "零報送",
     .type = ValueType::boolean,
     .required = false,
     .expected = "true 或 false"},
    {.key = "leave_records", .name = "差假資料", .type = ValueType::array, .expected = "陣列"},
    {.key = "overtime_records", .name = "加班資料", .type = ValueType::array, .expected = "陣列"},
}};

// Checks over several keys, or against the world: each may take for granted that the keys which its
// row reads are sound.
inline bool E04(const EnvelopeFacts& e, const World& world, const Layout&) {
    return !world.registry.agencies.knows(e.text(envelope_key::reporting_org_code));
}
inline bool E05(const EnvelopeFacts& e, const World& world, const Layout&) {
    return e.text(envelope_key::reporting_org_code) != world.acting_agency;
}
inline std::string acting_agency(const EnvelopeFacts&, const World& world, const Layout&) {
    return world.acting_agency;
}
inline bool E07(const EnvelopeFacts& e, const World& world, const Layout&) {
    return *e.data_month > domain::month_of(world.received_day);
}
inline std::string month_of_receipt(const EnvelopeFacts&, const World& world, const Layout&) {
    return "不晚於 " + domain::roc_month(domain::month_of(world.received_day));
}
inline bool E08(const EnvelopeFacts& e, const World& world, const Layout&) {
    return *e.data_month < world.first_month;
}
inline std::string first_month(const EnvelopeFacts&, const World& world, const Layout&) {
    return "不早於 " + domain::roc_month(world.first_month);
}
inline bool E11(const EnvelopeFacts& e, const World& world, const Layout&) {
    return *e.generated_at > world.received_at + std::chrono::minutes(5);
}
inline std::string time_of_receipt(const EnvelopeFacts&, const World& world, const Layout&) {
    return "不晚於收件時間 " + domain::rfc3339_taipei(world.received_at);
}
inline std::uint32_t leave_elements(const Layout& layout) {
    return layout.of(domain::RecordKind::leave).count;
}
inline std::uint32_t overtime_elements(const Layout& layout) {
    return layout.of(domain::RecordKind::overtime).count;
}
inline bool E12(const EnvelopeFacts& e, const World&, const Layout& layout) {
    return e.integer(envelope_key::leave_count) != leave_elements(layout);
}
inline std::string count_of_leave(const EnvelopeFacts&, const World&, const Layout& layout) {
    return std::to_string(leave_elements(layout));
}
inline bool E13(const EnvelopeFacts& e, const World&, const Layout& layout) {
    return e.integer(envelope_key::overtime_count) != overtime_elements(layout);
}
inline std::string count_of_overtime(const EnvelopeFacts&, const World&, const Layout& layout) {
    return std::to_string(overtime_elements(layout));
}
inline bool E14(const EnvelopeFacts& e, const World&, const Layout&) {
    constexpr std::int64_t most_parts = 999;
    const auto part = e.integer(envelope_key::part_no), parts = e.integer(envelope_key::part_count);
    return !within(part, 1, parts) || parts > most_parts;
}
inline bool has_no_records(const Layout& layout) {
    return leave_elements(layout) == 0 && overtime_elements(layout) == 0;
}
inline bool E16(const EnvelopeFacts& e, const World&, const Layout& layout) {
    return has_no_records(layout) && !e.declares_zero();
}
inline bool E17(const EnvelopeFacts& e, const World&, const Layout& layout) {
    return e.declares_zero() && !has_no_records(layout);
}
/// Received on or after 00:00 Asia/Taipei of the day after the deadline of data_month.
inline bool E18(const EnvelopeFacts& e, const World& world, const Layout&) {
    return world.received_day > world.registry.calendar.deadline(*e.data_month);
}
inline std::string day_of_deadline(const EnvelopeFacts&, const World& world, const Layout&) {
    return "每月 " + std::to_string(world.registry.calendar.deadline_rule().day) +
           " 日 (遇放假日順延) 前報送上月資料";
}

inline constexpr auto envelope_checks = std::to_array<EnvelopeCheck>({
    {.code = "E04",
     .points_at = envelope_key::reporting_org_code,
     .reads = {envelope_key::reporting_org_code},
     .broken = E04,
     .expected = "機關代碼表內之代碼"},
    {.code = "E05",
     .points_at = envelope_key::reporting_org_code,
     .reads = {envelope_key::reporting_org_code},
     .broken = E05,
     .hidden_by = {"E04"},
     .expected_here = acting_agency},
    {.code = "E07",
     .points_at = envelope_key::data_month,
     .reads = {envelope_key::data_month},
     .broken = E07,
     .expected_here = month_of_receipt},
    {.code = "E08",
     .points_at = envelope_key::data_month,
     .reads = {envelope_key::data_month},
     .broken = E08,
     .expected_here = first_month},
    {.code = "E11",
     .points_at = envelope_key::generated_at,
     .reads = {envelope_key::generated_at},
     .broken = E11,
     .expected_here = time_of_receipt},
    {.code = "E12",
     .points_at = envelope_key::leave_count,
     .reads = {envelope_key::leave_count, envelope_key::leave_records},
     .broken = E12,
     .expected_here = count_of_leave},
    {.code = "E13",
     .points_at = envelope_key::overtime_count,
     .reads = {envelope_key::overtime_count, envelope_key::overtime_records},
     .broken = E13,
     .expected_here = count_of_overtime},
    {.code = "E14",
     .points_at = envelope_key::part_no,
     .reads = {envelope_key::part_no, envelope_key::part_count},
     .broken = E14,
     .expected = "1 ≤ 檔案序號 ≤ 總檔數 ≤ 999"},
    {.code = "E16",
     .reads = {envelope_key::leave_records, envelope_key::overtime_records,
               envelope_key::zero_report},
     .broken = E16,
     .expected = "至少一筆資料，或 zero_report 為 true"},
    {.code = "E17",
     .points_at = envelope_key::zero_report,
     .reads = {envelope_key::leave_records, envelope_key::overtime_records,
               envelope_key::zero_report},
     .broken = E17,
     .expected = "差假及加班資料均為空陣列"},
    {.code = "E18",
     .points_at = envelope_key::data_month,
     .reads = {envelope_key::data_month},
     .broken = E18,
     .expected_here = day_of_deadline},
});
static_assert(hiding_checks_come_first(envelope_checks));

}  // namespace chaiqin::checking
