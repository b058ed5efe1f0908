// What the notification stage and other callers put into the queues of webhooks.
#include "component/webhooks/webhooks_under_test.hpp"
#include "crypto/feed_cursor.hpp"
#include "domain/topics.hpp"
#include "notification/stage.hpp"
#include "postgres/notification/notification_stores.hpp"
#include "wire/filing_changed.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::testing {
namespace {

constexpr const char* submission = "00000000-0000-8000-8000-000000000001";

struct Staged : WebhooksUnderTest {
    void take(const std::vector<runtime::Message>& messages) {
        postgres::Session own(session("notification"));
        const auto work = own.begin();
        runtime::Outbox outbox;
        runtime::StageContext context{*work, 0, 0, clock.now()};
        stage.apply(context, messages, outbox);
        own.commit(*work);
    }
    static runtime::Message finished(domain::SubmissionState state, std::uint32_t attempt = 1) {
        domain::SubmissionUpdated event;
        event.submission_id = submission;
        event.agency = agency;
        event.version = {attempt, state};
        event.received_at = domain::parse_rfc3339("2026-11-05T08:31:00+08:00").value();
        event.occurred_at = domain::parse_rfc3339("2026-11-05T08:32:00+08:00").value();
        event.total = 10;
        event.counted = 9;
        event.invalid = 1;
        event.error_count = 2;
        event.warning_count = 1;
        runtime::Message message;
        message.topic = domain::topics::submission_updated;
        message.payload = wire::encode(event);
        return message;
    }
    static runtime::Message deadline(domain::NoticeKind kind) {
        runtime::Message message;
        message.topic = domain::topics::filing_changed;
        message.payload = wire::encode(domain::FilingChanged{
            agency, 2026 * 12 + 9, kind, domain::parse_iso_day("2026-11-20").value()});
        return message;
    }
    void store_file() {
        database.run(
            "INSERT INTO validation.submission (submission_id, attempt, agency, partition,"
            " verdict, received_at, validated_at, file_name, route, sha256, ruleset, data_month,"
            " record_count, total, invalid, error_count, warning_count)"
            " VALUES ($1, 1, $2, 0, 'ACCEPTED', now(), now(), 'f', 'WEBITR', 'ab', 'r1', 24321,"
            " 10, 10, 1, 2, 1)",
            submission, agency);
        database.run(
            "INSERT INTO matching.file (submission_id, agency, slot, received_at, matched_at,"
            " batch_id, data_month, zero_report, total, invalid, unchanged, stale, deletion,"
            " superseded, unmatched, counted, matcher_errors, matcher_warnings, t_warnings)"
            " VALUES ($1, $2, 0, now(), now(), 1, 24321, false, 10, 1, 2, 0, 0, 1, 2, 4, 0, 0, 0)",
            submission, agency);
    }
    void upkeep() {
        postgres::Session own(session("notification"));
        const auto work = own.begin();
        runtime::Outbox outbox;
        runtime::StageContext context{*work, 0, 0, clock.now()};
        stage.upkeep(context, outbox);
        own.commit(*work);
    }
    std::string queued(const std::string& id) {
        return database.table(
            "SELECT event, body FROM portal.webhook_delivery WHERE webhook_id = $1 ORDER BY n", id);
    }
    std::unique_ptr<domain::FindingFeedStore> feed =
        postgres::notification::make_finding_feed_store();
    std::unique_ptr<domain::ReminderQueue> reminders =
        postgres::notification::make_reminder_queue();
    notification::NotificationStage stage{{.notices = *notices,
                                           .feed = *feed,
                                           .reminders = *reminders,
                                           .webhooks = *events,
                                           .registry = registry,
                                           .public_url = "https://chaiqin.example"}};
};

TEST(WebhookEvents, a_finished_submission_is_told_once_a_state_with_all_its_numbers) {
    Staged s;
    s.store_file();
    const auto id = s.add("https://hooks.example/");
    s.take({Staged::finished(domain::SubmissionState::counted_partial),
            Staged::finished(domain::SubmissionState::counted_partial)});
    s.take({Staged::finished(domain::SubmissionState::counted_partial, 2)});
    EXPECT_EQ(s.queued(id),
              R"(submission.finished|{"type":"submission.finished",)"
              R"("timestamp":"2026-11-05T08:32:00.000+08:00","data":{)"
              R"("submission_id":"00000000-0000-8000-8000-000000000001","agency":"Z00000001A",)"
              R"("data_month":"2026-10","state":"COUNTED_PARTIAL","total":10,"dispositions":{)"
              R"("invalid":1,"unchanged":2,"stale":0,"deletion":0,"superseded":1,"unmatched":2,)"
              R"("counted":4},"error_count":2,"warning_count":1}})");
    s.take({Staged::finished(domain::SubmissionState::counted, 2)});
    EXPECT_EQ(s.states(id), "1 waiting, 2 waiting") << "another state is another event";
}

TEST(WebhookEvents, a_webhook_gets_what_it_has_asked_for_while_it_is_active) {
    Staged s;
    const auto submissions = s.add("https://a.example/", {"submission.finished"}),
               near = s.add("https://b.example/", {"deadline.near"}),
               passed = s.add("https://c.example/", {"deadline.passed"}),
               off = s.add("https://d.example/", {"deadline.near"});
    s.store->change({agency, off}, {.url = {}, .events = {}, .active = false}, s.clock.now());
    s.take({Staged::deadline(domain::NoticeKind::deadline_before_5),
            Staged::finished(domain::SubmissionState::rejected_file),
            Staged::deadline(domain::NoticeKind::deadline_before_1),
            Staged::deadline(domain::NoticeKind::deadline_before_1),
            Staged::deadline(domain::NoticeKind::deadline_after)});
    EXPECT_EQ(s.states(submissions), "1 waiting");
    EXPECT_EQ(s.states(near), "1 waiting, 2 waiting");
    EXPECT_EQ(s.states(off), "");
    EXPECT_EQ(s.queued(passed),
              R"(deadline.passed|{"type":"deadline.passed",)"
              R"("timestamp":"2026-11-05T09:00:00.000+08:00","data":{"agency":"Z00000001A",)"
              R"("month":"2026-10","deadline":"2026-11-20"}})");
}

TEST(WebhookEvents, what_a_rematch_changed_is_told_with_the_cursor_of_the_feed) {
    Staged s;
    const auto id = s.add("https://hooks.example/", {"findings.changed"});
    const auto change = s.database.value(
        "INSERT INTO notification.finding_change (agency, submission_id, opened, at, kind, index,"
        " pointer, code, seq, severity, field, message, is_open, to_be_told)"
        " VALUES ($1, $2, false, '2026-11-05 00:00:00Z', 2, 0, '/', 'T01', 0, 1, 'person_id', 'm',"
        " false, true) RETURNING change_no",
        agency, submission);
    s.upkeep();
    s.upkeep();
    EXPECT_EQ(s.queued(id),
              R"(findings.changed|{"type":"findings.changed",)"
              R"("timestamp":"2026-11-05T09:00:00.000+08:00","data":{"agency":"Z00000001A",)"
              R"("opened":0,"fixed":1,"cursor":")" +
                  crypto::feed_cursor(agency, std::stoll(change)) + R"("}})");
}

TEST(WebhookEvents, a_digest_is_no_event) {
    Staged s;
    const auto id = s.add("https://hooks.example/");
    s.take({Staged::deadline(domain::NoticeKind::digest_first)});
    EXPECT_EQ(s.states(id), "");
}

TEST(WebhookEvents, an_agency_without_a_webhook_costs_nothing) {
    Staged s;
    s.take({Staged::finished(domain::SubmissionState::counted)});
    EXPECT_EQ(s.database.value("SELECT count(*) FROM portal.webhook_delivery"), "0");
    EXPECT_EQ(s.database.value("SELECT count(*) FROM notification.notice"), "1");
}

TEST(WebhookEvents, an_event_of_another_caller_is_added_once_a_key) {
    Staged s;
    const auto id = s.add("https://a.example/", {"findings.changed"}),
               other = s.add("https://b.example/", {"findings.changed", "deadline.near"});
    const auto add = [&](const std::string& key) {
        postgres::Session own(s.session("notification"));
        const auto work = own.begin();
        const domain::WebhookEvent event{.agency = agency,
                                         .event = "findings.changed",
                                         .event_key = key,
                                         .data = R"({"opened":1})",
                                         .at = s.clock.now()};
        s.events->add(*work, std::span(&event, 1));
        own.commit(*work);
    };
    add("a");
    add("a");
    add("b");
    EXPECT_EQ(s.states(id), "1 waiting, 2 waiting");
    EXPECT_EQ(s.states(other), "1 waiting, 2 waiting");
}

}  // namespace
}  // namespace chaiqin::testing
