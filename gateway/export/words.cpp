#include "gateway/export/words.hpp"

#include <algorithm>
#include <array>

namespace chaiqin::gateway {

namespace {

using W = Words;

struct Word {
    Words of;
    std::string_view code, zh;
};

constexpr auto table = std::to_array<Word>({
    {W::states, "RECEIVED", "已收件"},
    {W::states, "VALIDATED", "已檢核"},
    {W::states, "MATCHED", "已比對"},
    {W::states, "COUNTED", "已計入"},
    {W::states, "COUNTED_PARTIAL", "部分計入"},
    {W::states, "REJECTED_FILE", "整檔未收"},
    {W::states, "QUARANTINED", "平臺處理中"},
    {W::routes, "WEBITR", "WebITR"},
    {W::routes, "WEBHR", "WebHR"},
    {W::routes, "SELF", "自行開發"},
    {W::routes, "MANUAL", "手動報送"},
    {W::reasons, "NO_PERSON", "查無此人"},
    {W::reasons, "BEFORE_FIRST", "早於到職日"},
    {W::reasons, "GAP", "經歷中斷"},
    {W::reasons, "AFTER_LAST", "晚於離職日"},
    {W::menders, "attendance_clerk", "機關承辦人"},
    {W::menders, "personnel_office", "人事單位"},
    {W::filing, "not_due", "未到期"},
    {W::filing, "due", "待報送"},
    {W::filing, "reported", "已報送"},
    {W::filing, "zero", "已報無資料"},
    {W::filing, "missing", "逾期"},
    {W::filing, "exempt", "免報"},
    {W::filing, "not_obliged", "無須報送"},
    {W::kinds, "file", "檔案"},
    {W::kinds, "envelope", "表頭"},
    {W::kinds, "leave", "差假"},
    {W::kinds, "overtime", "加班"},
    {W::severities, "error", "錯誤"},
    {W::severities, "warning", "警告"},
    {W::finding_status, "OPEN", "未更正"},
    {W::finding_status, "FIXED", "已更正"},
    {W::finding_status, "open", "未更正"},
    {W::finding_status, "fixed", "已更正"},
    {W::finding_status, "all", "全部"},
    {W::scopes, "file", "檔案"},
    {W::scopes, "envelope", "表頭"},
    {W::scopes, "record", "資料"},
    {W::scopes, "table19", "表19"},
    {W::notices, "submission_counted", "報送結果"},
    {W::notices, "submission_partial", "部分計入"},
    {W::notices, "submission_rejected", "整檔未收"},
    {W::notices, "deadline_before", "期限提醒"},
    {W::notices, "deadline_after", "逾期提醒"},
    {W::notices, "reminder", "催報"},
    {W::notices, "webhook_disabled", "介接停用"},
    {W::notices, "findings_changed", "錯誤異動"},
    {W::events, "submission.finished", "報送處理完成"},
    {W::events, "findings.changed", "錯誤異動"},
    {W::events, "deadline.near", "期限將屆"},
    {W::events, "deadline.passed", "期限已過"},
    {W::events, "webhook.test", "測試"},
    {W::deliveries, "delivered", "已送達"},
    {W::deliveries, "waiting", "等待重試"},
    {W::deliveries, "given_up", "已放棄"},
    {W::load_modes, "snapshot", "全部"},
    {W::load_modes, "changes", "異動"},
    {W::load_states, "RECEIVED", "處理中"},
    {W::load_states, "LOADED", "已載入"},
    {W::load_states, "REFUSED", "未載入"},
    {W::load_states, "FAILED", "失敗"},
});

}  // namespace

std::string word_of(Words words, std::string_view code) {
    const auto* found = std::find_if(table.begin(), table.end(), [&](const Word& one) {
        return one.of == words && one.code == code;
    });
    return std::string(found == table.end() ? code : found->zh);
}

}  // namespace chaiqin::gateway
