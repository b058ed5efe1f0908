#include "notification/notice_text.hpp"

#include <gtest/gtest.h>

#include "domain/failure.hpp"
#include "domain/submission_state.hpp"

namespace chaiqin::notification {
namespace {

using domain::NoticeKind;
using domain::SubmissionState;

domain::SubmissionUpdated event(SubmissionState state, std::uint32_t counted,
                                std::uint32_t unmatched, std::uint32_t invalid) {
    domain::SubmissionUpdated e;
    e.submission_id = "00000000-0000-8000-8000-000000000001";
    e.agency = "Z00000001A";
    e.version = {1, state};
    e.received_at = domain::parse_rfc3339("2026-11-05T09:31:00+08:00").value();
    e.occurred_at = e.received_at;
    e.total = counted + unmatched + invalid;
    e.counted = counted;
    e.unmatched = unmatched;
    e.invalid = invalid;
    e.error_count = invalid;
    return e;
}

Addressee addressee(const std::string& mail = "a@b.example") {
    return {"Z00000001A", "測試機關", mail, "https://chaiqin.example"};
}

domain::NewNotice notice(const domain::SubmissionUpdated& e,
                         const std::string& recipient = "a@b.example") {
    return submission_notice(e, addressee(recipient));
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(NoticeText, every_state_has_its_kind) {
    EXPECT_EQ(notice(event(SubmissionState::counted, 3, 0, 0)).kind,
              NoticeKind::submission_counted);
    EXPECT_EQ(notice(event(SubmissionState::counted_partial, 2, 0, 1)).kind,
              NoticeKind::submission_partial);
    EXPECT_EQ(notice(event(SubmissionState::rejected_file, 0, 0, 0)).kind,
              NoticeKind::submission_rejected);
}

TEST(NoticeText, a_state_that_has_no_notice_is_refused) {
    EXPECT_THROW((void)notice(event(SubmissionState::matched, 1, 0, 0)), domain::PermanentFailure);
    EXPECT_THROW((void)notice(event(SubmissionState::quarantined, 0, 0, 0)),
                 domain::PermanentFailure);
}

TEST(NoticeText, says_the_same_as_the_submissions_answer_and_who_acts_next) {
    const auto none_matched = notice(event(SubmissionState::counted, 0, 3, 0));
    EXPECT_TRUE(
        has(none_matched.body,
            domain::state_text(domain::SubmissionState::counted, {.total = 3, .unmatched = 3}).zh));
    const auto none_good = notice(event(SubmissionState::counted_partial, 0, 0, 3));
    EXPECT_TRUE(has(none_good.body, "未收錄任何一筆") && has(none_good.body, "none was taken"));
    EXPECT_FALSE(has(none_good.body, "已計入"));
    EXPECT_TRUE(has(none_matched.body, "由人事單位補正"));
    EXPECT_TRUE(has(none_matched.body, "Who acts next: the personnel office"));
    EXPECT_TRUE(has(notice(event(SubmissionState::counted, 3, 0, 0)).body, "後續：無須處理。"));
    EXPECT_TRUE(has(notice(event(SubmissionState::counted_partial, 2, 0, 1)).body,
                    "由貴機關更正後重新報送"));
}

TEST(NoticeText, chinese_comes_first_then_english_with_a_link_in_both) {
    const auto body = notice(event(SubmissionState::counted_partial, 2, 1, 1)).body;
    EXPECT_LT(body.find("承辦人您好"), body.find("---"));
    EXPECT_LT(body.find("---"),
              body.find("4 records: 2 counted, 1 not found in Table 19, 1 with errors"));
    const std::string link =
        "https://chaiqin.example/a/Z00000001A/submissions/"
        "00000000-0000-8000-8000-000000000001";
    EXPECT_NE(body.find(link), body.rfind(link));
}

TEST(NoticeText, the_intent_is_submission_recipient_and_kind) {
    const auto one = notice(event(SubmissionState::counted, 3, 0, 0)),
               other = notice(event(SubmissionState::counted, 3, 0, 0), "c@d.example");
    EXPECT_EQ(one.intent_key,
              "00000000-0000-8000-8000-000000000001|a@b.example|submission_counted");
    EXPECT_NE(one.intent_key, other.intent_key);
    EXPECT_EQ(one.message_id, notice(event(SubmissionState::counted, 3, 0, 0)).message_id);
}

TEST(NoticeText, an_address_that_cannot_stand_in_a_header_gets_no_mail) {
    for (const char* address : {"a@b.example\r\nBcc: x@y.example", "nobody", "a b@c.example",
                                "<a@b.example>", "a@b.example,c@d.example"})
        EXPECT_EQ(notice(event(SubmissionState::counted, 1, 0, 0), address).recipient, "")
            << address;
}

TEST(NoticeText, begins_with_the_outcome_in_notice_and_subject) {
    auto e = event(SubmissionState::counted_partial, 1498, 0, 2);
    e.deletion = 3;
    e.total += 3;
    const auto one = notice(e);
    const std::string outcome = "已收 1,503 筆：1,498 筆計入，3 筆刪除，2 筆有誤須更正";
    EXPECT_TRUE(one.text.starts_with(outcome + "。（115/11/05 09:31")) << one.text;
    EXPECT_EQ(one.subject, outcome + "（測試機關）");
    e.version.state = SubmissionState::rejected_file;
    EXPECT_TRUE(notice(e).text.starts_with("檔案有錯誤，全部未收錄"));
    EXPECT_EQ(notice(e).subject, "整檔未收，請更正後再報送（測試機關）");
    EXPECT_TRUE(has(notice(e).body, "/submissions/00000000-0000-8000-8000-000000000001/findings"));
}

TEST(NoticeText, a_deadline_notice_names_month_and_day) {
    const domain::FilingChanged due{"Z00000001A", 2026 * 12 + 9, NoticeKind::deadline_before_1,
                                    domain::parse_iso_day("2026-11-20").value()};
    const auto before = deadline_notice(due, addressee());
    EXPECT_EQ(before.kind, NoticeKind::deadline_before_1);
    EXPECT_TRUE(has(before.text, "115年10月") && has(before.text, "115/11/20"));
    EXPECT_TRUE(has(before.body, "https://chaiqin.example/a/Z00000001A/submit"));
    auto late = due;
    late.kind = NoticeKind::deadline_after;
    EXPECT_EQ(deadline_notice(late, addressee("")).kind, NoticeKind::deadline_after);
    EXPECT_NE(deadline_notice(late, addressee("")).intent_key, before.intent_key);
}

TEST(NoticeText, a_digest_says_how_many_are_missing_and_leads_to_the_rates) {
    domain::FilingChanged due{"Z00000001A",
                              2026 * 12 + 9,
                              NoticeKind::digest_first,
                              domain::parse_iso_day("2026-11-20").value(),
                              12,
                              9};
    const auto some = digest(due, addressee());
    EXPECT_TRUE(some.subject.starts_with("3 個所屬機關尚未報送 115年10月")) << some.subject;
    EXPECT_TRUE(has(some.body, "https://chaiqin.example/a/Z00000001A/rates?month=2026-10"));
    due.reported = 12;
    EXPECT_TRUE(digest(due, addressee()).subject.starts_with("所屬機關均已報送 115年10月"));
}

TEST(NoticeText, a_reminder_names_who_sent_it_and_is_one_a_day) {
    domain::Reminder reminder{"Z00000001A", 2026 * 12 + 9,
                              domain::parse_rfc3339("2026-11-05T23:59:00+08:00").value(),
                              "Z00000009A"};
    const auto deadline = domain::parse_iso_day("2026-11-20").value();
    const auto one = reminder_notice(reminder, deadline, "上級機關", addressee());
    EXPECT_TRUE(one.text.starts_with("上級機關（Z00000009A）催報：尚未收到貴機關 115年10月"));
    EXPECT_EQ(one.intent_key, "Z00000001A|2026-10|reminder|2026-11-05");
    reminder.sent_at += std::chrono::minutes(1);
    EXPECT_NE(reminder_notice(reminder, deadline, "上級機關", addressee()).intent_key,
              one.intent_key);
}

TEST(NoticeText, changed_findings_are_counted) {
    const auto one = findings_notice({"Z00000001A", 2, 1500, 77}, addressee());
    EXPECT_EQ(one.kind, NoticeKind::findings_changed);
    EXPECT_TRUE(has(one.text, "1,500 項錯誤明細已解除，2 項新增"));
    EXPECT_TRUE(has(one.body, "https://chaiqin.example/a/Z00000001A/findings"));
}

}  // namespace
}  // namespace chaiqin::notification
