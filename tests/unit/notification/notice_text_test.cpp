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

domain::NewNotice notice(const domain::SubmissionUpdated& e,
                         const std::string& recipient = "a@b.example") {
    return submission_notice(e, "測試機關", recipient, "https://chaiqin.example");
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
        has(none_matched.text, domain::state_text(domain::SubmissionState::counted, 0, 3).zh));
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
        "https://chaiqin.example/api/v1/submissions/00000000-0000-8000-8000-000000000001";
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

TEST(NoticeText, a_deadline_notice_names_month_and_day) {
    const domain::FilingChanged due{"Z00000001A", 2026 * 12 + 9, NoticeKind::deadline_before_1,
                                    domain::parse_iso_day("2026-11-20").value()};
    const auto before = deadline_notice(due, "測試機關", "a@b.example", "https://chaiqin.example");
    EXPECT_EQ(before.kind, NoticeKind::deadline_before_1);
    EXPECT_TRUE(has(before.text, "2026-10") && has(before.text, "2026-11-20"));
    auto late = due;
    late.kind = NoticeKind::deadline_after;
    EXPECT_EQ(deadline_notice(late, "測試機關", "", "").kind, NoticeKind::deadline_after);
    EXPECT_NE(deadline_notice(late, "測試機關", "", "").intent_key, before.intent_key);
}

}  // namespace
}  // namespace chaiqin::notification
