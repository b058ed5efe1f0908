#include "domain/webhook.hpp"

#include <algorithm>
#include <array>

namespace chaiqin::domain {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array pauses{seconds(5),         seconds(minutes(5)), seconds(minutes(30)),
                            seconds(hours(2)),  seconds(hours(5)),   seconds(hours(10)),
                            seconds(hours(14)), seconds(hours(20)),  seconds(hours(24))};
constexpr auto disabled_after = hours(5 * 24);
constexpr int gone = 410;

}  // namespace

bool is_webhook_event(std::string_view name) {
    return name == submission_finished_event || name == findings_changed_event ||
           name == deadline_near_event || name == deadline_passed_event;
}

std::string webhook_body(std::string_view event, Instant at, std::string_view data) {
    std::string body = R"({"type":")";
    body.append(event).append(R"(","timestamp":")").append(rfc3339_taipei(at));
    return body.append(R"(","data":)").append(data).append("}");
}

std::string webhook_message_id(std::string_view webhook_id, std::int64_t n) {
    std::string id = "msg_";
    std::copy_if(webhook_id.begin(), webhook_id.end(), std::back_inserter(id),
                 [](char c) { return c != '-'; });
    return id + "_" + std::to_string(n);
}

bool is_delivered(const WebhookAnswer& answer) {
    return answer.error.empty() && answer.status >= 200 && answer.status < 300;
}

AfterAttempt after_attempt(const WebhookAnswer& answer, int retries,
                           std::optional<Instant> failing_since, Instant now) {
    using Delivery = AfterAttempt::Delivery;
    if (is_delivered(answer)) return {.delivery = Delivery::delivered, .retries = retries};
    const auto last_chance = failing_since.value_or(now) + disabled_after;
    if (answer.status == gone || now >= last_chance)
        return {.delivery = Delivery::given_up, .retries = retries, .disables = true};
    const auto used = static_cast<std::size_t>(std::max(0, retries));
    if (used >= pauses.size()) return {.delivery = Delivery::given_up, .retries = retries};
    return {.delivery = Delivery::waits,
            .next_at = std::min<Instant>(now + pauses.at(used), last_chance),
            .retries = retries + 1};
}

}  // namespace chaiqin::domain
