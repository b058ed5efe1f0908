#pragma once
// One POST to a webhook's receiver: the host is resolved once, all its addresses are judged, and
// the connection goes to one of those; the address really connected to is judged once more. No
// redirect, no proxy, one limit for everything. Blocks; safe for all threads.
#include <chrono>

#include "domain/webhook.hpp"
#include "webhooks/receiver.hpp"

namespace chaiqin::webhooks {

struct PostSettings {
    bool allow_loopback = false;
    /// For resolving, connecting, sending and the answer together.
    std::chrono::milliseconds within{10'000};
    Resolve resolve = system_resolver();
    /// Null: that of receivers. A test takes another one to see that the rule is what protects.
    AddressRule rule = {};
};

/// Never throws. Errors: "address_refused", "name_not_resolved", "timeout", "tls_failed",
/// "connection_failed", "no_answer".
domain::WebhookAnswer send(const domain::WebhookPost& post, const PostSettings& settings);

}  // namespace chaiqin::webhooks
