#pragma once
// The checks that leave and overtime share: the listed keys of both kinds of record, each with its
// checks, and the checks of person and agency against the world. One function per check, named by
// its public code: true means broken. What a check means stands in docs/checks.md. Inline, because
// the accepting pass runs all of them on every record.
#include <array>
#include <string>

#include "checking/reading/person_id.hpp"
#include "checking/record/facts.hpp"
#include "checking/rules/check_rows.hpp"
#include "checking/rules/values.hpp"
#include "checking/rules/world.hpp"

namespace chaiqin::checking {

using RecordField = Field<RecordFacts>;
using RecordCheck = CrossCheck<RecordFacts, World>;

inline bool C01(const RecordFacts& r) { return !one_character_of(r.text(key::action), "AD"); }
inline bool C02(const RecordFacts& r) {
    const auto text = r.text(key::record_no);
    return text.empty() || !only_form_number_characters(text) || holds_person_id(text);
}
inline bool C03(const RecordFacts& r) { return !within(r.integer(key::record_seq), 1, 999); }
inline bool C04(const RecordFacts& r) { return !within(r.integer(key::revision), 1, 9999); }
inline bool C05(const RecordFacts& r) {
    return person_id_form(r.text(key::person_id)) == PersonIdForm::malformed;
}
inline bool C06(const RecordFacts& r) {
    return !C05(r) && !person_id_check_digit_holds(r.text(key::person_id));
}
inline bool C08(const RecordFacts& r) { return !is_agency_code(r.text(key::org_code)); }

inline constexpr std::array<RecordField, key::common_count> common_fields = {{
    {.key = "action",
     .name = "異動別",
     .blank_forbidden = true,
     .formats = {{{.code = "C01", .broken = C01}}},
     .expected = "A 或 D"},
    {.key = "record_no",
     .name = "表單編號",
     .blank_forbidden = true,
     .longest_code_points = 40,
     .formats = {{{.code = "C02", .broken = C02, .needed_to_store = true}}},
     .expected = "40 字內之英數字及 _ . -，不得含身分證統一編號"},
    {.key = "record_seq",
     .name = "明細序號",
     .type = ValueType::integer,
     .formats = {{{.code = "C03", .broken = C03, .needed_to_store = true}}},
     .expected = "1 至 999 之整數"},
    {.key = "revision",
     .name = "版次",
     .type = ValueType::integer,
     .formats = {{{.code = "C04", .broken = C04, .needed_to_store = true}}},
     .expected = "1 至 9999 之整數"},
    {.key = "person_id",
     .name = "身分證統一編號",
     .blank_forbidden = true,
     .formats = {{{.code = "C05", .broken = C05, .needed_to_store = true},
                  {.code = "C06", .broken = C06}}},
     .expected = "10 碼身分證統一編號或統一證號",
     .shown = Shown::masked_id},
    {.key = "person_name",
     .name = "姓名",
     .longest_code_points = 50,
     .expected = "50 字內",
     .shown = Shown::masked_name},
    {.key = "org_code",
     .name = "服務機關代碼",
     .blank_forbidden = true,
     .formats = {{{.code = "C08", .broken = C08, .needed_to_store = true}}},
     .expected = "9 碼英數字加 1 碼大寫英文字母"},
}};

inline bool C07(const RecordFacts& r, const World&) {
    return person_id_form(r.text(key::person_id)) == PersonIdForm::old_resident;
}
inline bool C09(const RecordFacts& r, const World& world) {
    return !world.agency(r.text(key::org_code), r.record_day()).known;
}
inline bool C10(const RecordFacts& r, const World& world) {
    const auto& standing = world.agency(r.text(key::org_code), r.record_day());
    return standing.abolished_on && r.record_day() >= *standing.abolished_on;
}
inline std::string day_of_abolition(const RecordFacts& r, const World& world) {
    return domain::iso_day(*world.agency(r.text(key::org_code), r.record_day()).abolished_on);
}
inline bool C11(const RecordFacts& r, const World& world) {
    if (world.sender.agency.empty() || r.text(key::org_code) == world.sender.agency) return false;
    return !world.agency(r.text(key::org_code), r.record_day()).within_sender;
}
inline std::string sender_and_subordinates(const RecordFacts&, const World& world) {
    return world.sender.agency + " 或其所屬機關";
}

/// `record_date` is the key that decides on which day the agency is looked up.
constexpr std::array<RecordCheck, 4> common_checks(std::uint8_t record_date) {
    return {{
        {.code = "C07",
         .points_at = key::person_id,
         .reads = {key::person_id},
         .broken = C07,
         .expected = "新式統一證號 (第 2 碼為 8 或 9)"},
        {.code = "C09",
         .points_at = key::org_code,
         .reads = {key::org_code},
         .broken = C09,
         .expected = "機關代碼表內之代碼"},
        {.code = "C10",
         .points_at = key::org_code,
         .reads = {key::org_code, record_date},
         .broken = C10,
         .hidden_by = {"C09"},
         .expected = "該日仍存在之機關",
         .fills = {.placeholder = 'd', .text = day_of_abolition}},
        {.code = "C11",
         .points_at = key::org_code,
         .reads = {key::org_code, record_date},
         .broken = C11,
         .hidden_by = {"C09"},
         .expected_here = sender_and_subordinates},
    }};
}

/// U01 looks at the other records of the array, so the passes judge it themselves. It has no
/// `broken`; it hides nothing and nothing hides it.
inline constexpr RecordCheck repeated_identity = {.code = "U01",
                                                  .points_at = key::record_no,
                                                  .reads = {key::record_no, key::record_seq},
                                                  .expected = "同一檔案內表單編號與明細序號不重複"};

/// Months of the record's date minus data_month; 0 where data_month cannot be read.
inline int months_after_data_month(const RecordFacts& r, const World& world) {
    return world.sender.data_month ? r.record_month - *world.sender.data_month : 0;
}
inline constexpr int oldest_month = -26;
inline bool in_later_month(const RecordFacts& r, const World& world) {
    return months_after_data_month(r, world) > 0;
}
inline bool in_too_old_month(const RecordFacts& r, const World& world) {
    return months_after_data_month(r, world) < oldest_month;
}
inline bool in_earlier_month(const RecordFacts& r, const World& world) {
    return within(months_after_data_month(r, world), oldest_month, -1);
}
inline bool ends_before_it_starts(const RecordFacts& r) { return r.span_minutes() <= 0; }

inline std::string minutes_at_most(std::int64_t minutes) {
    return "至多 " + std::to_string(minutes) + " 分鐘";
}
inline std::string minutes_of_span(const RecordFacts& r, const World&) {
    return minutes_at_most(r.span_minutes());
}

}  // namespace chaiqin::checking
