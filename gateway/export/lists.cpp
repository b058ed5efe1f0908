#include "gateway/export/lists.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "gateway/export/record_columns.hpp"

namespace chaiqin::gateway {

namespace {

using F = CellForm;
using W = Words;

constexpr std::string_view rate_formula =
    "報送比率＝已報／應報，準時比率＝準時／應報；已報為應報機關中已報送或已報無資料者，"
    "準時為首次報送在期限前收件者。狀態依匯出時之資料。";

constexpr auto workbench_columns = std::to_array<ListColumn>({
    {"機關代碼", "agency", F::text, W::none, 14},
    {"機關名稱", "name", F::text, W::none, 30},
    {"資料年月", "month", F::month},
    {"期限", "deadline", F::day},
    {"狀態", "status", F::word, W::filing},
    {"準時", "on_time", F::yes_no},
    {"待更正", "open_errors", F::number},
    {"未比對", "unmatched", F::number},
});

constexpr auto monthly_columns = std::to_array<ListColumn>({
    {"機關代碼", "agency", F::text, W::none, 14},
    {"機關名稱", "name", F::text, W::none, 30},
    {"裁撤日", "abolished_on", F::day},
    {"1月差假", "months.1.leave", F::number},
    {"1月加班", "months.1.overtime", F::number},
    {"2月差假", "months.2.leave", F::number},
    {"2月加班", "months.2.overtime", F::number},
    {"3月差假", "months.3.leave", F::number},
    {"3月加班", "months.3.overtime", F::number},
    {"4月差假", "months.4.leave", F::number},
    {"4月加班", "months.4.overtime", F::number},
    {"5月差假", "months.5.leave", F::number},
    {"5月加班", "months.5.overtime", F::number},
    {"6月差假", "months.6.leave", F::number},
    {"6月加班", "months.6.overtime", F::number},
    {"7月差假", "months.7.leave", F::number},
    {"7月加班", "months.7.overtime", F::number},
    {"8月差假", "months.8.leave", F::number},
    {"8月加班", "months.8.overtime", F::number},
    {"9月差假", "months.9.leave", F::number},
    {"9月加班", "months.9.overtime", F::number},
    {"10月差假", "months.10.leave", F::number},
    {"10月加班", "months.10.overtime", F::number},
    {"11月差假", "months.11.leave", F::number},
    {"11月加班", "months.11.overtime", F::number},
    {"12月差假", "months.12.leave", F::number},
    {"12月加班", "months.12.overtime", F::number},
    {"合計差假", "months.*.leave", F::number},
    {"合計加班", "months.*.overtime", F::number},
});

constexpr auto summary_columns = std::to_array<ListColumn>({
    {"機關代碼", "agency", F::text, W::none, 14},
    {"機關名稱", "name", F::text, W::none, 30},
    {"裁撤日", "abolished_on", F::day},
    {"最近報送時間", "last_submitted_at", F::time},
    {"管道", "route", F::word, W::routes},
    {"狀態", "state", F::word, W::states},
    {"總筆數", "total", F::number},
    {"正確", "correct", F::number},
    {"錯誤", "errors", F::number},
    {"警告", "warnings", F::number},
});

constexpr auto submissions_columns = std::to_array<ListColumn>({
    {"報送時間", "received_at", F::time},
    {"檔名", "file_name", F::text, W::none, 30},
    {"管道", "route", F::word, W::routes},
    {"狀態", "state", F::word, W::states},
    {"總筆數", "total", F::number},
    {"正確", "total-dispositions.invalid", F::number},
    {"錯誤", "error_count", F::number},
    {"警告", "warning_count", F::number},
    {"報送編號", "submission_id", F::text, W::none, 38},
});

constexpr auto findings_columns = std::to_array<ListColumn>({
    {"報送編號", "submission_id", F::text, W::none, 38},
    {"檔名", "file_name", F::text, W::none, 30},
    {"類別", "kind", F::word, W::kinds},
    {"筆次", "index", F::place},
    {"表單編號", "record_no", F::text, W::none, 22},
    {"明細序號", "record_seq", F::number},
    {"代碼", "code", F::text, W::none, 8},
    {"等級", "severity", F::word, W::severities},
    {"欄位", "field_name", F::text, W::none, 20},
    {"值", "value", F::text, W::none, 24},
    {"應為", "expected", F::text, W::none, 24},
    {"錯誤訊息", "message", F::text, W::none, 60},
});

constexpr auto history_columns = std::to_array<ListColumn>({
    {"報送編號", "submission_id", F::text, W::none, 38},
    {"檔名", "file_name", F::text, W::none, 30},
    {"類別", "kind", F::word, W::kinds},
    {"筆次", "index", F::place},
    {"表單編號", "record_no", F::text, W::none, 22},
    {"明細序號", "record_seq", F::number},
    {"代碼", "code", F::text, W::none, 8},
    {"等級", "severity", F::word, W::severities},
    {"欄位", "field_name", F::text, W::none, 20},
    {"值", "value", F::text, W::none, 24},
    {"應為", "expected", F::text, W::none, 24},
    {"錯誤訊息", "message", F::text, W::none, 60},
    {"狀態", "status", F::word, W::finding_status},
    {"更正於", "fixed_by", F::text, W::none, 38},
});

constexpr auto groups_columns = std::to_array<ListColumn>({
    {"代碼", "code", F::text, W::none, 8},
    {"等級", "severity", F::word, W::severities},
    {"欄位", "field", F::text, W::none, 20},
    {"錯誤訊息", "message", F::text, W::none, 60},
    {"筆數", "count", F::number},
});

constexpr auto unmatched_columns = std::to_array<ListColumn>({
    {"機關代碼", "agency", F::text, W::none, 14},
    {"機關名稱", "agency", F::agency_name, W::none, 30},
    {"類別", "kind", F::word, W::kinds},
    {"表單編號", "record_no", F::text, W::none, 22},
    {"明細序號", "record_seq", F::number},
    {"身分證統一編號", "person_id", F::text, W::none, 16},
    {"日期", "date", F::day},
    {"原因", "reason", F::word, W::reasons, 14},
    {"由誰處理", "mend", F::word, W::menders, 14},
    {"日數", "age_days", F::number},
});

constexpr auto by_type_columns = std::to_array<ListColumn>({
    {"類別", "kind", F::word, W::kinds},
    {"代碼", "type", F::text, W::none, 8},
    {"名稱", "name", F::text, W::none, 24},
    {"筆數", "records", F::number},
    {"分鐘數", "minutes", F::number},
});

constexpr auto report_columns = std::to_array<ListColumn>({
    {"資料年月", "month", F::month, W::none, 0, "month"},
    {"機關代碼", "agency", F::text, W::none, 14, "agency"},
    {"機關名稱", "name", F::text, W::none, 30, "agency"},
    {"類別", "kind", F::word, W::kinds, 0, "kind,type"},
    {"代碼", "type", F::text, W::none, 8, "type"},
    {"名稱", "type_name", F::text, W::none, 24, "type"},
    {"筆數", "records", F::number},
    {"分鐘數", "minutes", F::number},
});

constexpr auto finding_counts_columns = std::to_array<ListColumn>({
    {"收件月份", "month", F::month},
    {"代碼", "code", F::text, W::none, 8},
    {"等級", "severity", F::word, W::severities},
    {"錯誤訊息", "message", F::text, W::none, 60},
    {"項數", "findings", F::number},
    {"檔數", "files", F::number},
});

constexpr auto deliveries_columns = std::to_array<ListColumn>({
    {"序號", "n", F::text, W::none, 10},
    {"事件", "event", F::word, W::events, 20},
    {"狀態", "state", F::word, W::deliveries, 14},
    {"時間", "attempts.last.at", F::time},
});

constexpr auto rate_agencies_columns = std::to_array<ListColumn>({
    {"機關代碼", "agency", F::text, W::none, 14},
    {"機關名稱", "name", F::text, W::none, 30},
    {"狀態", "status", F::word, W::filing, 14},
    {"準時", "on_time", F::yes_no},
});

constexpr auto units_columns = std::to_array<ListColumn>({
    {"機關代碼", "agency", F::text, W::none, 14},
    {"機關名稱", "name", F::text, W::none, 30},
    {"資料年月", "month", F::month},
    {"應報", "obliged", F::number},
    {"已報", "reported", F::number},
    {"準時", "on_time", F::number},
    {"凍結應報", "frozen.obliged", F::number},
    {"凍結已報", "frozen.reported", F::number},
    {"凍結準時", "frozen.on_time", F::number},
});

constexpr auto agencies_columns = std::to_array<ListColumn>({
    {"機關代碼", "agency", F::text, W::none, 14},
    {"機關名稱", "name", F::text, W::none, 30},
    {"主管機關代碼", "supervising_agency", F::text, W::none, 14},
    {"設立日", "established_on", F::day},
    {"裁撤日", "abolished_on", F::day},
    {"承接機關代碼", "successor", F::text, W::none, 14},
});

constexpr auto notices_columns = std::to_array<ListColumn>({
    {"時間", "created_at", F::time},
    {"種類", "kind", F::word, W::notices, 14},
    {"內容", "text", F::text, W::none, 60},
    {"已讀時間", "read_at", F::time},
});

constexpr auto audit_columns = std::to_array<ListColumn>({
    {"時間", "at", F::time},
    {"帳號", "sub", F::text, W::none, 24},
    {"機關", "agency", F::text, W::none, 14},
    {"作業機關", "acting", F::text, W::none, 14},
    {"動作", "action", F::text, W::none, 26},
    {"對象", "object", F::text, W::none, 50},
    {"結果", "result", F::text, W::none, 8},
});

constexpr auto loads_columns = std::to_array<ListColumn>({
    {"編號", "number", F::text, W::none, 8},
    {"方式", "mode", F::word, W::load_modes},
    {"主管機關", "authority", F::text, W::none, 14},
    {"狀態", "state", F::word, W::load_states},
    {"筆數", "rows", F::number},
    {"人數", "persons", F::number},
    {"異動人數", "persons_changed", F::number},
    {"退件數", "rejected_count", F::number},
    {"完成時間", "committed_at", F::time},
});

constexpr auto rejected_columns = std::to_array<ListColumn>({
    {"行號", "line", F::number},
    {"原因", "reason", F::text, W::none, 60},
});

constexpr auto reminders_columns = std::to_array<ListColumn>({
    {"機關代碼", "agency", F::text, W::none, 14},
    {"資料年月", "month", F::month},
    {"時間", "sent_at", F::time},
    {"催報者", "sent_by", F::text, W::none, 24},
});

constexpr auto rules_columns = std::to_array<ListColumn>({
    {"代碼", "code", F::text, W::none, 8},
    {"範圍", "scope", F::word, W::scopes},
    {"等級", "severity", F::word, W::severities},
    {"欄位", "field", F::text, W::none, 20},
    {"訊息", "message_zh", F::text, W::none, 60},
    {"生效日", "valid_from", F::day},
    {"失效日", "valid_to", F::day},
});

constexpr auto monthly_sums = std::to_array<ListSum>({
    {"機關數", "total_agencies"},
    {"合計 1月差假", "sum.months.1.leave"},
    {"合計 1月加班", "sum.months.1.overtime"},
    {"合計 2月差假", "sum.months.2.leave"},
    {"合計 2月加班", "sum.months.2.overtime"},
    {"合計 3月差假", "sum.months.3.leave"},
    {"合計 3月加班", "sum.months.3.overtime"},
    {"合計 4月差假", "sum.months.4.leave"},
    {"合計 4月加班", "sum.months.4.overtime"},
    {"合計 5月差假", "sum.months.5.leave"},
    {"合計 5月加班", "sum.months.5.overtime"},
    {"合計 6月差假", "sum.months.6.leave"},
    {"合計 6月加班", "sum.months.6.overtime"},
    {"合計 7月差假", "sum.months.7.leave"},
    {"合計 7月加班", "sum.months.7.overtime"},
    {"合計 8月差假", "sum.months.8.leave"},
    {"合計 8月加班", "sum.months.8.overtime"},
    {"合計 9月差假", "sum.months.9.leave"},
    {"合計 9月加班", "sum.months.9.overtime"},
    {"合計 10月差假", "sum.months.10.leave"},
    {"合計 10月加班", "sum.months.10.overtime"},
    {"合計 11月差假", "sum.months.11.leave"},
    {"合計 11月加班", "sum.months.11.overtime"},
    {"合計 12月差假", "sum.months.12.leave"},
    {"合計 12月加班", "sum.months.12.overtime"},
    {"合計 合計差假", "sum.months.*.leave"},
    {"合計 合計加班", "sum.months.*.overtime"},
});
constexpr auto agency_total = std::to_array<ListSum>({{"機關數", "total_agencies"}});
constexpr auto unmatched_total = std::to_array<ListSum>({{"總筆數", "total"}});

constexpr auto lists = std::to_array<ExportedList>({
    {.path = "/workbench",
     .caption = "本月工作台",
     .file_name = "workbench",
     .rows = "rows",
     .columns = workbench_columns},
    {.path = "/statistics/monthly",
     .caption = "機關每月筆數統計表",
     .file_name = "monthly",
     .rows = "agencies",
     .columns = monthly_columns,
     .sums = monthly_sums},
    {.path = "/summary",
     .caption = "彙整總表",
     .file_name = "summary",
     .rows = "agencies",
     .columns = summary_columns,
     .sums = agency_total},
    {.path = "/submissions",
     .caption = "歷程",
     .file_name = "submissions",
     .rows = "submissions",
     .columns = submissions_columns},
    {.path = "/submissions/{submission_id}/findings",
     .caption = "錯誤明細",
     .file_name = "findings",
     .rows = "findings",
     .columns = findings_columns,
     .by_rules = true},
    {.path = "/submissions/{submission_id}/groups",
     .caption = "依規則",
     .file_name = "groups",
     .rows = "groups",
     .columns = groups_columns,
     .by_rules = true},
    {.path = "/findings",
     .caption = "錯誤明細",
     .file_name = "finding-history",
     .rows = "findings",
     .columns = history_columns,
     .by_rules = true},
    {.path = "/findings/groups",
     .caption = "依規則",
     .file_name = "finding-groups",
     .rows = "groups",
     .columns = groups_columns,
     .by_rules = true},
    {.path = "/unmatched",
     .caption = "未比對清單",
     .file_name = "unmatched",
     .rows = "unmatched",
     .columns = unmatched_columns,
     .sums = unmatched_total},
    {.path = "/statistics/by-type",
     .caption = "假別與加班類別筆數",
     .file_name = "by-type",
     .rows = "types",
     .columns = by_type_columns},
    {.path = "/statistics/report",
     .caption = "資料表",
     .file_name = "report",
     .rows = "rows",
     .columns = report_columns},
    {.path = "/statistics/findings",
     .caption = "資料表",
     .file_name = "finding-counts",
     .rows = "rows",
     .columns = finding_counts_columns,
     .by_rules = true},
    {.path = "/reporting-rates/agencies",
     .caption = "機關報送狀態",
     .file_name = "reporting-rates",
     .rows = "agencies",
     .columns = rate_agencies_columns,
     .formula = rate_formula},
    {.path = "/reporting-rates/units",
     .caption = "所屬機關近 12 個月報送情形",
     .file_name = "reporting-units",
     .rows = "units/months",
     .columns = units_columns,
     .formula = rate_formula},
    {.path = "/agencies",
     .caption = "機關",
     .file_name = "agencies",
     .rows = "agencies",
     .columns = agencies_columns},
    {.path = "/notices",
     .caption = "通知",
     .file_name = "notices",
     .rows = "notices",
     .columns = notices_columns},
    {.path = "/audit",
     .caption = "稽核紀錄",
     .file_name = "audit",
     .rows = "lines",
     .columns = audit_columns},
    {.path = "/table19/loads",
     .caption = "歷次載入",
     .file_name = "table19-loads",
     .rows = "loads",
     .columns = loads_columns},
    {.path = "/table19/loads/{load_id}/rejected",
     .caption = "退件明細",
     .file_name = "table19-rejected",
     .rows = "rejected",
     .columns = rejected_columns},
    {.path = "/reminders",
     .caption = "已催報紀錄",
     .file_name = "reminders",
     .rows = "reminders",
     .columns = reminders_columns},
    {.path = "/webhooks/{id}/deliveries",
     .caption = "傳送紀錄",
     .file_name = "webhook-deliveries",
     .rows = "deliveries",
     .columns = deliveries_columns},
    {.path = "/rules",
     .caption = "檢核規則",
     .file_name = "rules",
     .rows = "rules",
     .columns = rules_columns,
     .by_rules = true},
});

}  // namespace

std::span<const ExportedList> exported_lists() {
    static const auto all = [] {
        std::vector<ExportedList> all(lists.begin(), lists.end());
        all.push_back({.path = "/submissions/{submission_id}/records",
                       .caption = "依紀錄",
                       .file_name = "records",
                       .rows = "records",
                       .columns = record_columns(),
                       .by_rules = true});
        all.push_back({.path = "/findings/records",
                       .caption = "錯誤紀錄",
                       .file_name = "finding-records",
                       .rows = "records",
                       .columns = record_columns(),
                       .by_rules = true});
        return all;
    }();
    return all;
}

const ExportedList* exported_list(std::string_view path) {
    const auto all = exported_lists();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const ExportedList& list) { return list.path == path; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace chaiqin::gateway
