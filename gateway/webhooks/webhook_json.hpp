#pragma once
// Webhooks as the API writes and takes them. Pure.
#include <string>
#include <string_view>
#include <variant>

#include "domain/webhook_store.hpp"

namespace chaiqin::gateway {

/// `secret`: shown once, when the webhook is added; "" otherwise.
std::string webhook_json(const domain::Webhook& webhook, const std::string& secret = "");

/// What is wrong with a member of the body.
struct WrongWebhook {
    std::string zh, en;
};
/// A new one needs address and events and has no state. The address itself is not judged here.
std::variant<domain::WebhookChange, WrongWebhook> parse_webhook(const std::string& body,
                                                                bool is_new);

}  // namespace chaiqin::gateway
