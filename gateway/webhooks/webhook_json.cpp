#include "gateway/webhooks/webhook_json.hpp"

#include <algorithm>

#include "gateway/http/json_body.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::gateway {

namespace {

std::optional<std::string> told(const std::optional<domain::Instant>& at) {
    return at ? std::optional(domain::rfc3339_taipei(*at)) : std::nullopt;
}

/// Each once, in the order in which they were sent; empty if one is unknown or there is none.
std::optional<std::vector<std::string>> events_in(const JsonBody& body) {
    const auto sent = body.texts("events");
    if (!sent || sent->empty()) return std::nullopt;
    std::vector<std::string> events;
    for (const auto& event : *sent) {
        if (!domain::is_webhook_event(event)) return std::nullopt;
        if (std::ranges::find(events, event) == events.end()) events.push_back(event);
    }
    return events;
}

}  // namespace

std::string webhook_json(const domain::Webhook& webhook, const std::string& secret) {
    wire::JsonWriter json;
    json.begin_object()
        .member("id", webhook.id)
        .member("url", webhook.url)
        .member("events", webhook.events)
        .member("state", webhook.state)
        .member("created_at", domain::rfc3339_taipei(webhook.created_at))
        .member("last_success_at", told(webhook.last_success_at))
        .member("failing_since", told(webhook.failing_since));
    if (!secret.empty()) json.member("secret", secret);
    return json.end_object().take();
}

std::variant<domain::WebhookChange, WrongWebhook> parse_webhook(const std::string& text,
                                                                bool is_new) {
    const auto body = JsonBody::parse(text);
    if (!body) return WrongWebhook{"內容應為 JSON 物件", "the body must be a JSON object"};
    domain::WebhookChange change;
    if (is_new || body->has("url")) {
        change.url = body->text("url");
        if (!change.url) return WrongWebhook{"請填網址（url）", "The address (url) is missing"};
    }
    if (is_new || body->has("events")) {
        change.events = events_in(*body);
        if (!change.events)
            return WrongWebhook{
                "events：應為 submission.finished、findings.changed、deadline.near、"
                "deadline.passed 之陣列，至少一項",
                "events must be an array with at least one of submission.finished, "
                "findings.changed, deadline.near, deadline.passed"};
    }
    if (!is_new && body->has("state")) {
        const auto state = body->text("state").value_or("");
        if (state != "active" && state != "disabled")
            return WrongWebhook{"state：應為 active 或 disabled",
                                "state must be active or disabled"};
        change.active = state == "active";
    }
    return change;
}

}  // namespace chaiqin::gateway
