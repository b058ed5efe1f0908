#include "notification/notice_text.hpp"

#include <algorithm>

#include "domain/failure.hpp"
#include "domain/submission_state.hpp"

namespace chaiqin::notification {

using domain::NoticeKind;
using domain::SubmissionState;

namespace {

std::string count(std::uint32_t n) { return std::to_string(n); }

struct Words {
    std::string_view zh, en;
};

Words who_acts_next(domain::NextActor actor) {
    switch (actor) {
        case domain::NextActor::nobody:
            return {"無須處理。", "nobody"};
        case domain::NextActor::sender:
            return {"由貴機關更正後重新報送。", "you: correct what is listed and send it again"};
        case domain::NextActor::personnel_office:
            return {
                "由人事單位補正表19經歷資料，補正後自動計入，無須重新報送。",
                "the personnel office: once Table 19 is mended the records count by themselves"};
        case domain::NextActor::platform:
            return {"由平臺處理，無須重新報送。", "the platform; do not send it again"};
    }
    return {};
}

NoticeKind kind_of(SubmissionState state) {
    switch (state) {
        case SubmissionState::counted:
            return NoticeKind::submission_counted;
        case SubmissionState::counted_partial:
            return NoticeKind::submission_partial;
        case SubmissionState::rejected_file:
            return NoticeKind::submission_rejected;
        case SubmissionState::received:
        case SubmissionState::validated:
        case SubmissionState::matched:
        case SubmissionState::quarantined:
            break;
    }
    throw domain::PermanentFailure("no notice says that a submission is " +
                                   std::string(domain::state_name(state)));
}

/// "（共 12 筆：計入 9、查無經歷 1、錯誤 2）"; a rejected file has only findings.
std::string numbers_zh(const domain::SubmissionUpdated& e) {
    if (e.version.state == SubmissionState::rejected_file)
        return "（錯誤 " + count(e.error_count) + " 項）";
    return "（共 " + count(e.total) + " 筆：計入 " + count(e.counted) + "、表19查無經歷 " +
           count(e.unmatched) + "、錯誤 " + count(e.invalid) + "）";
}

std::string numbers_en(const domain::SubmissionUpdated& e) {
    if (e.version.state == SubmissionState::rejected_file) return count(e.error_count) + " errors";
    return count(e.total) + " records: " + count(e.counted) + " counted, " + count(e.unmatched) +
           " not found in Table 19, " + count(e.invalid) + " with errors";
}

/// An address that can stand in a mail's header as it is; else no mail is sent.
std::string usable(const std::string& address) {
    const bool plain = std::all_of(address.begin(), address.end(), [](unsigned char c) {
        return c > ' ' && c < 0x7f && c != '<' && c != '>' && c != ',';
    });
    return plain && address.find('@') != std::string::npos ? address : std::string();
}

}  // namespace

domain::NewNotice submission_notice(const domain::SubmissionUpdated& event,
                                    const std::string& agency_name, const std::string& recipient,
                                    const std::string& public_url) {
    const auto words = domain::state_text(event.version.state, event.counted, event.unmatched);
    const auto next = who_acts_next(words.next_actor);
    const auto received = domain::rfc3339_taipei(event.received_at);
    const auto link = public_url + "/api/v1/submissions/" + event.submission_id;
    domain::NewNotice notice;
    notice.kind = kind_of(event.version.state);
    const std::string kind(domain::row_of(notice.kind).name);
    notice.agency = event.agency;
    notice.submission_id = event.submission_id;
    notice.recipient = usable(recipient);
    notice.intent_key = event.submission_id + "|" + notice.recipient + "|" + kind;
    notice.text = received.substr(0, 10) + " " + received.substr(11, 5) + " 報送之檔案：" +
                  std::string(words.zh) + numbers_zh(event);
    notice.version = static_cast<std::int64_t>(event.version.number());
    notice.created_at = event.occurred_at;
    notice.subject = "差勤資料報送結果（" + agency_name + "）";
    notice.body = agency_name + "（" + event.agency + "）承辦人您好：\r\n\r\n貴機關 " +
                  notice.text + "\r\n\r\n後續：" + std::string(next.zh) + "\r\n明細：" + link +
                  "\r\n\r\n本信由差勤資料彙整平臺自動寄發，請勿回覆。\r\n\r\n---\r\n" +
                  std::string(words.en) + "\r\n" + numbers_en(event) +
                  "\r\nWho acts next: " + std::string(next.en) + "\r\nReceived: " + received +
                  "\r\nDetails: " + link + "\r\n";
    notice.message_id = event.submission_id + "." + kind + "@chaiqin";
    return notice;
}

domain::NewNotice deadline_notice(const domain::FilingChanged& event,
                                  const std::string& agency_name, const std::string& recipient,
                                  const std::string& public_url) {
    const bool after = domain::is_after_deadline(event.kind);
    const std::string kind(domain::row_of(event.kind).name);
    const auto month = domain::iso_month(event.month), deadline = domain::iso_day(event.deadline);
    domain::NewNotice notice;
    notice.kind = event.kind;
    notice.agency = event.agency;
    notice.intent_key = event.agency + "|" + month + "|" + kind;
    notice.text = after
                      ? month + " 差勤資料已逾報送期限（" + deadline + "），尚未收到資料或零報送。"
                      : month + " 差勤資料報送期限為 " + deadline + "，尚未收到資料或零報送。";
    notice.recipient = usable(recipient);
    notice.subject = (after ? "差勤資料逾期未報送（" : "差勤資料報送提醒（") + agency_name + "）";
    notice.body = agency_name + "（" + event.agency + "）承辦人您好：\r\n\r\n" + notice.text +
                  "\r\n\r\n" + public_url + "\r\n\r\n---\r\nNo leave and overtime data of " +
                  month + " nor a zero report has been received; the deadline is " + deadline +
                  ".\r\n";
    notice.message_id = event.agency + "." + month + "." + kind + "@chaiqin";
    return notice;
}

domain::NewNotice webhook_notice(const DisabledWebhook& webhook, const std::string& agency_name,
                                 const std::string& recipient, const std::string& public_url) {
    const std::string kind(domain::row_of(NoticeKind::webhook_disabled).name);
    const auto at = domain::rfc3339_taipei(webhook.at);
    domain::NewNotice notice;
    notice.kind = NoticeKind::webhook_disabled;
    notice.agency = webhook.agency;
    notice.webhook_id = webhook.webhook_id;
    notice.intent_key = webhook.webhook_id + "|" + at + "|" + kind;
    notice.text = "送往 " + webhook.host + " 之 Webhook " +
                  (webhook.is_gone ? "因對方表示網址已停用（410）" : "連續 5 天未能送達") +
                  "，已停用；未送達之通知不再傳送。";
    notice.created_at = webhook.at;
    notice.recipient = usable(recipient);
    notice.subject = "Webhook 已停用（" + agency_name + "）";
    notice.body = agency_name + "（" + webhook.agency + "）承辦人您好：\r\n\r\n貴機關" +
                  notice.text + "\r\n\r\n請修正後於「介接設定」重新啟用：" + public_url +
                  "/integration\r\n\r\n---\r\nYour webhook to " + webhook.host + " is disabled: " +
                  (webhook.is_gone ? "its receiver says that it is gone (410)"
                                   : "nothing could be delivered for 5 days") +
                  ". What was waiting is not sent any more. Mend it and enable it again.\r\n";
    notice.message_id = webhook.webhook_id + "." +
                        std::to_string(webhook.at.time_since_epoch().count()) + "." + kind +
                        "@chaiqin";
    return notice;
}

}  // namespace chaiqin::notification
