#include "notification/notice_text.hpp"

namespace chaiqin::notification {

namespace {

std::string count(std::uint32_t n) { return std::to_string(n); }

struct Words {
    std::string kind, zh, en;
};

Words words_of(const domain::SubmissionUpdated& e) {
    if (e.state == "REJECTED_FILE")
        return {"submission_rejected", "檔案未被接受（共 " + count(e.error_count) + " 項錯誤），全檔未收。請依錯誤明細更正後重新報送。",
                "The file was rejected (" + count(e.error_count) + " errors); nothing of it was taken. Correct it and send it again."};
    const std::string unmatched = e.unmatched ? "，" + count(e.unmatched) + " 筆於表19查無對應經歷、暫不計入" : "";
    const std::string unmatched_en = e.unmatched ? ", " + count(e.unmatched) + " found no career row in Table 19 and do not count yet" : "";
    if (e.state == "COUNTED_PARTIAL")
        return {"submission_partial", "檔案已處理：共 " + count(e.total) + " 筆，其中 " + count(e.invalid) + " 筆有錯誤未收" + unmatched + "。請更正錯誤資料後補送。",
                "The file was processed: " + count(e.total) + " records, " + count(e.invalid) + " with errors were not taken" + unmatched_en + ". Correct those and send them again."};
    return {"submission_counted", "檔案已計入統計：共 " + count(e.total) + " 筆" + unmatched + "。",
            "The file is counted: " + count(e.total) + " records" + unmatched_en + "."};
}

}  // namespace

domain::NewNotice submission_notice(const domain::SubmissionUpdated& event, const std::string& agency_name, const std::string& recipient, const std::string& public_url) {
    const auto words = words_of(event);
    const auto received = domain::rfc3339_taipei(event.received_at);
    const auto when = received.substr(0, 10) + " " + received.substr(11, 5);
    domain::NewNotice notice;
    notice.kind = words.kind;
    notice.agency = event.agency;
    notice.submission_id = event.submission_id;
    notice.intent_key = event.submission_id + "|" + recipient + "|" + words.kind;
    notice.text = when + " 報送之" + words.zh;
    notice.version = static_cast<std::int64_t>(event.version);
    notice.created_at = event.occurred_at;
    notice.recipient = recipient;
    notice.subject = "差勤資料報送結果（" + agency_name + "）";
    const auto link = public_url + "/api/v1/submissions/" + event.submission_id;
    notice.body = agency_name + "（" + event.agency + "）承辦人您好：\r\n\r\n貴機關 " + notice.text + "\r\n\r\n明細：" + link + "\r\n\r\n" +
                  "本信由差勤資料彙整平臺自動寄發，請勿回覆。\r\n\r\n---\r\n" + words.en + "\r\nReceived " + received + "\r\nDetails: " + link + "\r\n";
    notice.message_id = event.submission_id + "." + words.kind + "@chaiqin";
    return notice;
}

domain::NewNotice deadline_notice(const domain::FilingChanged& event, const std::string& agency_name, const std::string& recipient, const std::string& public_url) {
    const bool after = event.kind == "deadline_after";
    const auto month = domain::iso_month(event.month), deadline = domain::iso_day(event.deadline);
    domain::NewNotice notice;
    notice.kind = after ? "deadline_after" : "deadline_before";
    notice.agency = event.agency;
    notice.intent_key = event.agency + "|" + month + "|" + event.kind;
    notice.text = after ? month + " 差勤資料已逾報送期限（" + deadline + "），尚未收到資料或零報送。"
                        : month + " 差勤資料報送期限為 " + deadline + "，尚未收到資料或零報送。";
    notice.recipient = recipient;
    notice.subject = (after ? "差勤資料逾期未報送（" : "差勤資料報送提醒（") + agency_name + "）";
    notice.body = agency_name + "（" + event.agency + "）承辦人您好：\r\n\r\n" + notice.text + "\r\n\r\n" + public_url + "\r\n\r\n---\r\nNo leave and overtime data of " + month +
                  " nor a zero report has been received; the deadline is " + deadline + ".\r\n";
    notice.message_id = event.agency + "." + month + "." + event.kind + "@chaiqin";
    return notice;
}

}  // namespace chaiqin::notification
