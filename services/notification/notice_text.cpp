#include "notification/notice_text.hpp"

#include <algorithm>
#include <array>

#include "domain/failure.hpp"
#include "domain/submission_state.hpp"

namespace chaiqin::notification {

using domain::NoticeKind;
using domain::SubmissionState;

namespace {

std::string count(std::int64_t n) {
    auto digits = std::to_string(n);
    for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, ",");
    return digits;
}

/// "115年10月"
std::string roc_month_words(domain::Month month) {
    return std::to_string(month / 12 - 1911) + "年" + std::to_string(month % 12 + 1) + "月";
}
/// "115/11/20"
std::string roc_date(domain::Day day) {
    const auto digits = domain::roc_day(day);
    return digits.substr(0, 3) + "/" + digits.substr(3, 2) + "/" + digits.substr(5);
}
/// "115/11/05 09:31"
std::string roc_time(domain::Instant at) {
    return roc_date(domain::taipei_day(at)) + " " + domain::rfc3339_taipei(at).substr(11, 5);
}

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

/// The dispositions in the order in which the portal says them.
struct Disposition {
    std::uint32_t domain::SubmissionUpdated::*number;
    Words words;
};
using Event = domain::SubmissionUpdated;
constexpr std::array<Disposition, 7> dispositions{{
    {&Event::counted, {"計入", "counted"}},
    {&Event::unmatched, {"未比對", "not found in Table 19"}},
    {&Event::deletion, {"刪除", "deletions"}},
    {&Event::unchanged, {"未變更", "unchanged"}},
    {&Event::stale, {"較舊", "older than what is stored"}},
    {&Event::superseded, {"已被取代", "superseded"}},
    {&Event::invalid, {"有誤須更正", "with errors"}},
}};

/// 「已收 500 筆：498 筆計入，2 筆有誤須更正」; a file that was rejected: what its state says.
std::string outcome_zh(const Event& event) {
    if (event.version.state == SubmissionState::rejected_file)
        return std::string(domain::state_text(event.version.state).zh);
    std::string text = "已收 " + count(event.total) + " 筆";
    const char* separator = "：";
    for (const auto& one : dispositions) {
        if (event.*one.number == 0) continue;
        text += separator + count(event.*one.number) + " 筆" + std::string(one.words.zh);
        separator = "，";
    }
    return text;
}

std::string outcome_en(const Event& event) {
    if (event.version.state == SubmissionState::rejected_file)
        return std::string(domain::state_text(event.version.state).en);
    std::string text = count(event.total) + " records";
    const char* separator = ": ";
    for (const auto& one : dispositions) {
        if (event.*one.number == 0) continue;
        text += separator + count(event.*one.number) + " " + std::string(one.words.en);
        separator = ", ";
    }
    return text;
}

/// An address that can stand in a mail's header as it is; else no mail is sent.
std::string usable(const std::string& address) {
    const bool plain = std::all_of(address.begin(), address.end(), [](unsigned char c) {
        return c > ' ' && c < 0x7f && c != '<' && c != '>' && c != ',';
    });
    return plain && address.find('@') != std::string::npos ? address : std::string();
}

std::string page(const Addressee& to, const std::string& path) {
    return to.public_url + "/a/" + to.agency + path;
}

/// What a mail says: lines in Chinese, then in English, each with the link.
std::string body(const Addressee& to, const std::string& zh, const std::string& en,
                 const std::string& link) {
    return to.name + "（" + to.agency + "）承辦人您好：\r\n\r\n" + zh + "\r\n\r\n請登入入口網：" +
           link + "\r\n\r\n本信由差勤資料彙整平臺自動寄發，請勿回覆。\r\n\r\n---\r\n" + en +
           "\r\nIn the portal: " + link + "\r\n";
}

domain::NewNotice addressed(NoticeKind kind, const Addressee& to) {
    domain::NewNotice notice;
    notice.kind = kind;
    notice.agency = to.agency;
    notice.recipient = usable(to.mail);
    return notice;
}

}  // namespace

domain::NewNotice submission_notice(const Event& event, const Addressee& to) {
    const auto words = domain::state_text(event.version.state, {.total = event.total,
                                                                .invalid = event.invalid,
                                                                .counted = event.counted,
                                                                .unmatched = event.unmatched});
    const auto next = who_acts_next(words.next_actor);
    auto notice = addressed(kind_of(event.version.state), to);
    const std::string kind(domain::row_of(notice.kind).name);
    const bool rejected = notice.kind == NoticeKind::submission_rejected;
    notice.submission_id = event.submission_id;
    notice.intent_key = event.submission_id + "|" + notice.recipient + "|" + kind;
    notice.text = outcome_zh(event) + (rejected ? "" : "。") + "（" + roc_time(event.received_at) +
                  " 報送的檔案" +
                  (rejected ? "，" + count(event.error_count) + " 項錯誤" : std::string()) + "）";
    notice.version = static_cast<std::int64_t>(event.version.number());
    notice.created_at = event.occurred_at;
    notice.subject =
        (rejected ? "整檔未收，請更正後再報送" : outcome_zh(event)) + "（" + to.name + "）";
    notice.body = body(
        to, notice.text + "\r\n\r\n" + std::string(words.zh) + "\r\n後續：" + std::string(next.zh),
        outcome_en(event) + "\r\n" + std::string(words.en) + "\r\nWho acts next: " +
            std::string(next.en) + "\r\nReceived: " + domain::rfc3339_taipei(event.received_at),
        page(to, "/submissions/" + event.submission_id + (rejected ? "/findings" : "")));
    notice.message_id = event.submission_id + "." + kind + "@chaiqin";
    return notice;
}

domain::NewNotice deadline_notice(const domain::FilingChanged& event, const Addressee& to) {
    const bool after = domain::is_after_deadline(event.kind);
    const std::string kind(domain::row_of(event.kind).name);
    const auto month = roc_month_words(event.month), deadline = roc_date(event.deadline);
    auto notice = addressed(event.kind, to);
    notice.intent_key = event.agency + "|" + domain::iso_month(event.month) + "|" + kind;
    notice.text = (after ? "尚未收到貴機關 " + month + "差勤資料，已超過報送期限 " + deadline + "。"
                         : "尚未收到貴機關 " + month + "差勤資料，報送期限是 " + deadline + "。") +
                  "請儘速報送；本月沒有資料時，請報送「本月無資料」。";
    notice.subject = (after ? "已逾期，尚未收到 " : "尚未收到 ") + month + "差勤資料（期限 " +
                     deadline + "，" + to.name + "）";
    notice.body = body(to, notice.text,
                       "No leave and overtime data of " + domain::iso_month(event.month) +
                           " nor a zero report has been received; the deadline " +
                           (after ? "was " : "is ") + domain::iso_day(event.deadline) + ".",
                       page(to, "/submit"));
    notice.message_id =
        event.agency + "." + domain::iso_month(event.month) + "." + kind + "@chaiqin";
    return notice;
}

domain::NewNotice digest(const domain::FilingChanged& event, const Addressee& to) {
    const auto missing = event.obliged - std::min(event.obliged, event.reported);
    const auto month = roc_month_words(event.month), deadline = roc_date(event.deadline);
    auto notice = addressed(event.kind, to);
    notice.subject = (missing == 0 ? "所屬機關均已報送 " + month + "差勤資料（"
                                   : count(missing) + " 個所屬機關尚未報送 " + month +
                                         "差勤資料（期限 " + deadline + "，") +
                     to.name + "）";
    notice.body = body(to,
                       "所屬應報機關 " + count(event.obliged) + " 個，已報 " +
                           count(event.reported) + " 個，未報 " + count(missing) +
                           " 個。資料年月 " + month + "，報送期限 " + deadline + "。" +
                           (missing == 0 ? "" : "\r\n未報送的機關可在「報送比率」頁面查看並催報。"),
                       count(event.reported) + " of " + count(event.obliged) +
                           " agencies below yours have reported " + domain::iso_month(event.month) +
                           "; the deadline is " + domain::iso_day(event.deadline) + ".",
                       page(to, "/rates?month=" + domain::iso_month(event.month)));
    notice.message_id = event.agency + "." + domain::iso_month(event.month) + "." +
                        std::string(domain::row_of(event.kind).name) + "@chaiqin";
    return notice;
}

domain::NewNotice reminder_notice(const domain::Reminder& reminder, domain::Day deadline,
                                  const std::string& by_name, const Addressee& to) {
    const auto month = roc_month_words(reminder.month), last_day = roc_date(deadline);
    const auto day = domain::taipei_day(reminder.sent_at);
    const bool late = day > deadline;
    auto notice = addressed(NoticeKind::reminder, to);
    notice.created_at = reminder.sent_at;
    notice.intent_key = reminder.agency + "|" + domain::iso_month(reminder.month) + "|reminder|" +
                        domain::iso_day(day);
    notice.text = by_name + "（" + reminder.sent_by + "）催報：尚未收到貴機關 " + month +
                  (late ? "差勤資料，已超過報送期限 " : "差勤資料，報送期限是 ") + last_day +
                  "。請儘速報送；本月沒有資料時，請報送「本月無資料」。";
    notice.subject =
        "催報：尚未收到 " + month + "差勤資料（期限 " + last_day + "，" + to.name + "）";
    notice.body = body(to, notice.text,
                       "Your supervising agency reminds you: no leave and overtime data of " +
                           domain::iso_month(reminder.month) +
                           " nor a zero report has been received; the deadline " +
                           (late ? "was " : "is ") + domain::iso_day(deadline) + ".",
                       page(to, "/submit"));
    notice.message_id = reminder.agency + "." + domain::iso_month(reminder.month) + ".reminder." +
                        domain::iso_day(day) + "@chaiqin";
    return notice;
}

domain::NewNotice findings_notice(const domain::RematchedFindings& changed, const Addressee& to) {
    auto notice = addressed(NoticeKind::findings_changed, to);
    notice.intent_key =
        changed.agency + "|findings_changed|" + std::to_string(changed.last_change_no);
    notice.text = "表19經歷資料有異動，已重新比對：" + count(changed.fixed) +
                  " 項錯誤明細已解除，" + count(changed.opened) + " 項新增。";
    notice.subject = "重新比對表19：" + count(changed.fixed) + " 項錯誤明細已解除，" +
                     count(changed.opened) + " 項新增（" + to.name + "）";
    notice.body =
        body(to, notice.text + "\r\n已解除的無須處理；新增的請至錯誤明細查看。",
             "Table 19 changed and your records were matched again: " + count(changed.fixed) +
                 " findings are gone, " + count(changed.opened) + " are new.",
             page(to, "/findings"));
    notice.message_id =
        changed.agency + ".findings." + std::to_string(changed.last_change_no) + "@chaiqin";
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
