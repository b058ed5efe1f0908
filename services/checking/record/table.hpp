#pragma once
// The check table of records: every listed key with its own checks, and every rule over several
// keys with the keys it reads and the checks that hide it. Both passes run this table; nothing else
// decides about a record.
#include <array>
#include <cstdint>
#include <span>

#include "checking/record/checks.hpp"
#include "checking/rules/fields.hpp"

namespace chaiqin::checking {

using RecordField = FieldSpec<RecordFacts>;

struct RecordRule {
    Code code = Code::none;
    std::uint8_t field = 0;   ///< where the finding points
    std::uint32_t reads = 0;  ///< bit i: key i must be sound
    bool (*broken)(const RecordFacts&, const World&) = nullptr;
    std::array<Code, 3> hidden_by = {Code::none, Code::none,
                                     Code::none};  ///< they stand before it in the table
};

template <typename... Keys>
constexpr std::uint32_t bits(Keys... keys) {
    return ((std::uint32_t{1} << static_cast<unsigned>(keys)) | ...);
}

// clang-format off
#define CHAIQIN_COMMON_FIELDS \
    RecordField{"action", "異動別", ValueType::string, true, true, 0, {{{Code::C01, checks::C01}}}, "A 或 D"}, \
    RecordField{"record_no", "表單編號", ValueType::string, true, true, 40, {{{Code::C02, checks::C02}}}, "40 字內之英數字及 _ . -，不得含身分證統一編號"}, \
    RecordField{"record_seq", "明細序號", ValueType::integer, true, false, 0, {{{Code::C03, checks::C03}}}, "1 至 999 之整數"}, \
    RecordField{"revision", "版次", ValueType::integer, true, false, 0, {{{Code::C04, checks::C04}}}, "1 至 9999 之整數"}, \
    RecordField{"person_id", "身分證統一編號", ValueType::string, true, true, 0, {{{Code::C05, checks::C05}, {Code::C06, checks::C06}}}, "10 碼身分證統一編號或統一證號", Shown::masked_id}, \
    RecordField{"person_name", "姓名", ValueType::string, true, false, 50, {}, "50 字內", Shown::masked_name}, \
    RecordField{"org_code", "服務機關代碼", ValueType::string, true, true, 0, {{{Code::C08, checks::C08}}}, "9 碼英數字加 1 碼大寫英文字母"}

inline constexpr std::array<RecordField, leave_key::count> leave_fields = {{
    CHAIQIN_COMMON_FIELDS,
    {"leave_type", "假別代碼", ValueType::string, true, true, 0, {{{Code::L01, checks::L01}}}, "假別代碼表之 2 碼代碼"},
    {"sub_type", "假別細類", ValueType::string, true, false, 0, {{{Code::L03, checks::L03}}}, "該假別之細類代碼；無細類者為空字串"},
    {"start_date", "請假起日", ValueType::string, true, true, 0, {{{Code::L04, checks::L04}}}, "民國年月日 7 碼，如 1151005"},
    {"start_time", "請假起時", ValueType::string, true, true, 0, {{{Code::L05, checks::L05}}}, "0000 至 2359"},
    {"end_date", "請假迄日", ValueType::string, true, true, 0, {{{Code::L06, checks::L06}}}, "民國年月日 7 碼，如 1151005"},
    {"end_time", "請假迄時", ValueType::string, true, true, 0, {{{Code::L07, checks::L07}}}, "0000 至 2359，或 2400"},
    {"leave_minutes", "請假分鐘數", ValueType::integer, true, false, 0, {{{Code::L12, checks::L12}}}, "1 至 525600 之整數"},
    {"reason", "事由", ValueType::string, true, false, 200, {}, "200 字內", Shown::only_length},
    {"location", "地點", ValueType::string, true, false, 100, {}, "100 字內", Shown::only_length},
    {"abroad_type", "出國別", ValueType::string, true, true, 0, {{{Code::L19, checks::L19}}}, "0 國內、1 國外、2 大陸、3 港澳"},
    {"event_date", "事實發生日", ValueType::string, true, false, 0, {{{Code::L20, checks::L20}}}, "民國年月日 7 碼，或空字串"},
}};

inline constexpr std::array<RecordField, overtime_key::count> overtime_fields = {{
    CHAIQIN_COMMON_FIELDS,
    {"overtime_type", "加班別", ValueType::string, true, true, 0, {{{Code::O01, checks::O01}}}, "1 一般、2 專案、3 季節性週期性"},
    {"day_type", "日別", ValueType::string, true, true, 0, {{{Code::O02, checks::O02}}}, "1 上班日、2 休息日例假、3 國定假日、4 天災停班日"},
    {"overtime_date", "加班日期", ValueType::string, true, true, 0, {{{Code::O04, checks::O04}}}, "民國年月日 7 碼，如 1151005"},
    {"start_date", "加班起日", ValueType::string, true, true, 0, {{{Code::O05, checks::O05_start_date}}}, "民國年月日 7 碼，如 1151005"},
    {"start_time", "加班起時", ValueType::string, true, true, 0, {{{Code::O05, checks::O05_start_time}}}, "0000 至 2359"},
    {"end_date", "加班迄日", ValueType::string, true, true, 0, {{{Code::O05, checks::O05_end_date}}}, "民國年月日 7 碼，如 1151005"},
    {"end_time", "加班迄時", ValueType::string, true, true, 0, {{{Code::O05, checks::O05_end_time}}}, "0000 至 2359，或 2400"},
    {"reason", "加班事由", ValueType::string, true, true, 200, {}, "200 字內，不得為空白", Shown::only_length},
    {"location", "加班地點", ValueType::string, true, false, 100, {}, "100 字內", Shown::only_length},
    {"approval_no", "核准文號", ValueType::string, true, false, 60, {}, "60 字內"},
    {"overtime_minutes", "加班分鐘數", ValueType::integer, true, false, 0, {{{Code::O10, checks::O10}}}, "1 至 1440 之整數"},
    {"paid_minutes", "加班已請領分鐘數", ValueType::integer, true, false, 0, {{{Code::O12, checks::O12}}}, "0 以上之整數"},
    {"comp_minutes", "加班已補休分鐘數", ValueType::integer, true, false, 0, {{{Code::O13, checks::O13}}}, "0 以上之整數"},
    {"award_minutes", "加班已獎勵分鐘數", ValueType::integer, true, false, 0, {{{Code::O14, checks::O14}}}, "0 以上之整數"},
    {"void_minutes", "加班不計分鐘數", ValueType::integer, true, false, 0, {{{Code::O15, checks::O15}}}, "0 以上之整數"},
}};
#undef CHAIQIN_COMMON_FIELDS

namespace leave_table {
using namespace leave_key;
inline constexpr auto span = bits(start_date, start_time, end_date, end_time);
inline constexpr std::array<RecordRule, 17> rules = {{
    {Code::C07, key::person_id, bits(key::person_id), checks::C07},
    {Code::C09, key::org_code, bits(key::org_code), checks::C09},
    {Code::C10, key::org_code, bits(key::org_code, start_date), checks::C10, {Code::C09, Code::none, Code::none}},
    {Code::C11, key::org_code, bits(key::org_code, start_date), checks::C11, {Code::C09, Code::none, Code::none}},
    {Code::L02, leave_type, bits(leave_type, start_date), checks::L02},
    {Code::L08, end_time, span, checks::L08},
    {Code::L09, start_date, bits(start_date), checks::L09},
    {Code::L10, start_date, bits(start_date), checks::L10},
    {Code::L11, start_date, bits(start_date), checks::L11},
    {Code::L13, leave_minutes, span | bits(leave_minutes), checks::L13, {Code::L08, Code::none, Code::none}},
    {Code::L15, leave_minutes, bits(leave_minutes), checks::L15, {Code::L08, Code::none, Code::none}},
    {Code::L16, start_date, span | bits(leave_type), checks::L16, {Code::L08, Code::none, Code::none}},
    {Code::L14, leave_minutes, span | bits(leave_type, leave_minutes), checks::L14, {Code::L08, Code::L13, Code::L16}},
    {Code::L17, end_date, bits(start_date, end_date), checks::L17},
    {Code::L18, location, bits(leave_type, sub_type, abroad_type, location), checks::L18},
    {Code::L21, event_date, bits(leave_type, event_date), checks::L21},
    {Code::L22, start_date, bits(leave_type, start_date, end_date, event_date), checks::L22},
}};
}  // namespace leave_table

namespace overtime_table {
using namespace overtime_key;
inline constexpr auto span = bits(start_date, start_time, end_date, end_time);
inline constexpr std::array<RecordRule, 14> rules = {{
    {Code::C07, key::person_id, bits(key::person_id), checks::C07},
    {Code::C09, key::org_code, bits(key::org_code), checks::C09},
    {Code::C10, key::org_code, bits(key::org_code, overtime_date), checks::C10, {Code::C09, Code::none, Code::none}},
    {Code::C11, key::org_code, bits(key::org_code, overtime_date), checks::C11, {Code::C09, Code::none, Code::none}},
    {Code::O03, day_type, bits(day_type, overtime_date), checks::O03},
    {Code::O06, end_time, span, checks::O06},
    {Code::O07, end_time, span, checks::O07, {Code::O06, Code::none, Code::none}},
    {Code::O08, overtime_date, bits(overtime_date, start_date), checks::O08},
    {Code::O09, overtime_date, bits(overtime_date), checks::O09},
    {Code::O26, overtime_date, bits(overtime_date), checks::O26},
    {Code::O27, overtime_date, bits(overtime_date), checks::O27},
    {Code::O11, overtime_minutes, span | bits(overtime_minutes), checks::O11, {Code::O06, Code::none, Code::none}},
    {Code::O16, paid_minutes, bits(overtime_minutes, paid_minutes, comp_minutes, award_minutes, void_minutes), checks::O16},
    {Code::O17, approval_no, bits(overtime_type, approval_no), checks::O17},
}};
}  // namespace overtime_table
// clang-format on

/// The table of one kind for code that takes either.
struct RecordTable {
    std::span<const RecordField> fields;
    std::span<const RecordRule> rules;
};
inline constexpr RecordTable leave_record_table = {leave_fields, leave_table::rules};
inline constexpr RecordTable overtime_record_table = {overtime_fields, overtime_table::rules};
inline const RecordTable& table_of(RecordKind kind) {
    return kind == RecordKind::leave ? leave_record_table : overtime_record_table;
}

}  // namespace chaiqin::checking
