#pragma once
// The rules of webhooks (docs/http-api.md, "Webhooks") that need nothing but values: names of
// events, the body that is sent, when a delivery is tried again and when a webhook is disabled.
// Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

inline constexpr int most_webhooks = 5;  ///< of an agency
inline constexpr std::string_view submission_finished_event = "submission.finished",
                                  findings_changed_event = "findings.changed",
                                  deadline_near_event = "deadline.near",
                                  deadline_passed_event = "deadline.passed",
                                  webhook_test_event = "webhook.test";
/// Whether an agency may ask for it; a test comes without being asked for.
bool is_webhook_event(std::string_view name);

/// The JSON of an event as it is sent; `data` is JSON already.
std::string webhook_body(std::string_view event, Instant at, std::string_view data);
/// The header webhook-id of a delivery: the same through all retries.
std::string webhook_message_id(std::string_view webhook_id, std::int64_t n);

/// One attempt, as it goes over the wire.
struct WebhookPost {
    std::string url, body;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// Why an address is not taken: a clause in both languages without a full stop.
struct RefusedReceiver {
    std::string zh, en;
};

/// What an attempt brought: a status, or why there was none.
struct WebhookAnswer {
    int status = 0;     ///< 0: no answer
    std::string error;  ///< "" with a status; a word such as "timeout" without
};
/// 2xx.
bool is_delivered(const WebhookAnswer& answer);

/// What follows from an attempt.
struct AfterAttempt {
    enum class Delivery : std::uint8_t { delivered, waits, given_up };
    Delivery delivery = Delivery::delivered;
    std::optional<Instant> next_at;  ///< while it waits
    int retries = 0;                 ///< used up
    bool disables = false;           ///< the webhook, with all that waits for it
};
/// `retries`: used up before; `failing_since`: of the webhook, before this attempt. A retry is due
/// at the latest when the webhook has failed for five days, so that it is disabled then.
AfterAttempt after_attempt(const WebhookAnswer& answer, int retries,
                           std::optional<Instant> failing_since, Instant now);

}  // namespace chaiqin::domain
