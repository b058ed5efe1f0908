#include "domain/webhook.hpp"

#include <gtest/gtest.h>

namespace chaiqin::domain {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Delivery = AfterAttempt::Delivery;

const Instant start = parse_rfc3339("2026-11-05T09:00:00+08:00").value();
const WebhookAnswer good{.status = 204, .error = {}}, bad{.status = 500, .error = {}};

TEST(Webhook, nine_retries_with_growing_pauses_then_it_is_given_up) {
    const seconds pauses[] = {seconds(5), minutes(5), minutes(30), hours(2), hours(5),
                              hours(10),  hours(14),  hours(20),   hours(24)};
    auto now = start;
    int retries = 0;
    std::optional<Instant> failing_since;
    for (const auto pause : pauses) {
        const auto after = after_attempt(bad, retries, failing_since, now);
        ASSERT_EQ(after.delivery, Delivery::waits);
        EXPECT_EQ(after.next_at, now + pause);
        EXPECT_EQ(after.retries, retries + 1);
        EXPECT_FALSE(after.disables);
        failing_since = failing_since.value_or(now);
        retries = after.retries;
        now = *after.next_at;
    }
    const auto last = after_attempt(bad, retries, failing_since, now);
    EXPECT_EQ(last.delivery, Delivery::given_up);
    EXPECT_EQ(last.next_at, std::nullopt);
    EXPECT_FALSE(last.disables) << "three days and four hours, not five";
}

TEST(Webhook, is_disabled_once_nothing_was_delivered_for_five_days) {
    const auto five_days = start + hours(5 * 24);
    EXPECT_FALSE(after_attempt(bad, 0, start, five_days - seconds(1)).disables);
    const auto after = after_attempt(bad, 0, start, five_days);
    EXPECT_TRUE(after.disables);
    EXPECT_EQ(after.delivery, Delivery::given_up);
    EXPECT_FALSE(after_attempt(good, 0, start, five_days + hours(1)).disables);
    EXPECT_EQ(after_attempt(bad, 8, start, five_days - hours(2)).next_at, five_days)
        << "the last chance is not later than the fifth day";
}

TEST(Webhook, only_2xx_is_success_and_410_disables) {
    for (const int status : {200, 201, 204, 299})
        EXPECT_EQ(after_attempt({.status = status, .error = {}}, 0, {}, start).delivery,
                  Delivery::delivered);
    for (const int status : {300, 301, 302, 307, 400, 404, 429, 500, 503}) {
        const auto after = after_attempt({.status = status, .error = {}}, 0, {}, start);
        EXPECT_EQ(after.delivery, Delivery::waits) << status;
        EXPECT_FALSE(after.disables) << status;
    }
    EXPECT_EQ(after_attempt({.status = 0, .error = "timeout"}, 0, {}, start).delivery,
              Delivery::waits);
    const auto gone = after_attempt({.status = 410, .error = {}}, 0, {}, start);
    EXPECT_TRUE(gone.disables);
    EXPECT_EQ(gone.delivery, Delivery::given_up);
}

TEST(Webhook, a_body_is_type_timestamp_and_data) {
    EXPECT_EQ(
        webhook_body("webhook.test", start, R"({"a":1})"),
        R"({"type":"webhook.test","timestamp":"2026-11-05T09:00:00.000+08:00","data":{"a":1}})");
    EXPECT_EQ(webhook_message_id("0199a0b0-0000-4000-8000-00000000000a", 12),
              "msg_0199a0b000004000800000000000000a_12");
}

TEST(Webhook, a_test_is_nothing_to_ask_for) {
    for (const auto name : {submission_finished_event, findings_changed_event, deadline_near_event,
                            deadline_passed_event})
        EXPECT_TRUE(is_webhook_event(name)) << name;
    for (const std::string_view name : {"webhook.test", "submission", "", "*"})
        EXPECT_FALSE(is_webhook_event(name)) << name;
}

}  // namespace
}  // namespace chaiqin::domain
