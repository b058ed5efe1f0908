#include "notification/webhooks/sender.hpp"

#include "crypto/webhook_signature.hpp"
#include "domain/failure.hpp"
#include "notification/notice_text.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::notification {

using domain::AfterAttempt;
using domain::Instant;
using domain::WebhookAnswer;
using domain::WebhookTurn;
using runtime::Steady;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds idle{200}, pause_after_failure{2'000};
constexpr auto swept_every = std::chrono::hours(1);
constexpr auto deliveries_kept_for = std::chrono::hours(90 * 24);
constexpr std::size_t most_secret_bytes = 128;
constexpr int gone = 410;

/// Receivers compare it with their own clock, so it is never that of the test clock.
std::int64_t unix_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// "hooks.example:8443" of "https://hooks.example:8443/a?b"
std::string host_of(const std::string& url) {
    const auto begin = url.find("://") + 3;
    return url.substr(begin, url.find_first_of("/?", begin) - begin);
}

const char* name_of(const AfterAttempt& after) {
    switch (after.delivery) {
        case AfterAttempt::Delivery::delivered:
            return "delivered";
        case AfterAttempt::Delivery::waits:
            return "put off";
        case AfterAttempt::Delivery::given_up:
            return after.disables ? "disabled" : "given up";
    }
    return "";
}

}  // namespace

WebhookSender::WebhookSender(WebhookSenderParts parts) : parts_(std::move(parts)) {
    for (int i = 0; i < parts_.senders; ++i)
        threads_.push_back(std::make_unique<runtime::Background>(
            "webhooks wait", pause_after_failure, [this] { return step(); }));
}

milliseconds WebhookSender::step() {
    const auto turn = take();
    if (!turn) return idle;
    try {
        attempt(*turn);
    } catch (const domain::PermanentFailure& failure) {
        runtime::log_error("a delivery could not be noted; it is sent again",
                           {{"webhook", turn->webhook_id}, {"reason", failure.what()}});
        return pause_after_failure;
    }
    return milliseconds(0);
}

std::optional<WebhookTurn> WebhookSender::take() {
    const std::lock_guard lock(taking_);
    if (Steady::now() < empty_until_) return std::nullopt;
    if (swept_at_ == Steady::time_point{} || Steady::now() - swept_at_ > swept_every) {
        parts_.queue.sweep(parts_.clock.now() - deliveries_kept_for);
        swept_at_ = Steady::now();
    }
    auto turn = parts_.queue.take(parts_.clock.now(), parts_.lease);
    if (!turn) empty_until_ = Steady::now() + idle;
    return turn;
}

void WebhookSender::attempt(const WebhookTurn& turn) {
    const auto answer = tried(turn);
    const auto now = parts_.clock.now();
    const auto after = domain::after_attempt(answer, turn.retries, turn.failing_since, now);
    std::optional<domain::NewNotice> notice;
    if (after.disables) {
        notice = notice_of(turn, answer.status == gone, now);
        runtime::log_warn("a webhook is disabled",
                          {{"webhook", turn.webhook_id}, {"agency", turn.agency}});
    }
    parts_.queue.note(turn, answer, after, notice, now);
    runtime::metrics().add("chaiqin_webhook_attempts_total", 1, name_of(after));
    const std::lock_guard lock(taking_);
    empty_until_ = {};  // the next one of this webhook may be due
}

WebhookAnswer WebhookSender::tried(const WebhookTurn& turn) const {
    std::vector<std::string> secrets;
    const auto unreadable = [&](const std::exception& failure) {
        runtime::log_error("the secret of a webhook cannot be opened",
                           {{"webhook", turn.webhook_id}, {"reason", failure.what()}});
        return WebhookAnswer{.status = 0, .error = "secret_unreadable"};
    };
    try {
        for (const auto& sealed : turn.secrets)
            secrets.push_back(
                parts_.sealer.open(sealed, turn.agency, turn.webhook_id, most_secret_bytes));
    } catch (const domain::PermanentFailure& failure) {
        return unreadable(failure);
    } catch (const domain::DeploymentFailure& failure) {
        return unreadable(failure);  // this delivery waits by its schedule, the others go on
    }
    const auto id = domain::webhook_message_id(turn.webhook_id, turn.n);
    const auto seconds = unix_seconds();
    return parts_.post({.url = turn.url,
                        .body = turn.body,
                        .headers = {{"webhook-id", id},
                                    {"webhook-timestamp", std::to_string(seconds)},
                                    {"webhook-signature", crypto::webhook_signatures(
                                                              secrets, id, seconds, turn.body)}}});
}

domain::NewNotice WebhookSender::notice_of(const WebhookTurn& turn, bool is_gone,
                                           Instant now) const {
    const auto registry = parts_.registry.current();
    const auto* version = registry->agencies.as_of(turn.agency, domain::taipei_day(now));
    return webhook_notice({.webhook_id = turn.webhook_id,
                           .agency = turn.agency,
                           .host = host_of(turn.url),
                           .is_gone = is_gone,
                           .at = now},
                          version ? version->name : turn.agency,
                          version ? version->contact_email : "", parts_.public_url);
}

}  // namespace chaiqin::notification
