#pragma once
// The threads that send to webhooks (the file to read first of this room). Each takes a turn: the
// first waiting delivery of one webhook, which is then nobody else's, in this process or another,
// until its lease ends. So a webhook gets its deliveries one after the other, and a slow receiver
// holds up one thread and not the others. A process that dies in a turn sends it again after the
// lease: at least once, with the same webhook-id.
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "crypto/sealing.hpp"
#include "domain/registry.hpp"
#include "domain/webhook_store.hpp"
#include "runtime/background.hpp"
#include "runtime/clock.hpp"

namespace chaiqin::notification {

struct WebhookSenderParts {
    domain::WebhookQueue& queue;
    const crypto::Sealer& sealer;
    /// One attempt; blocks within its limit.
    std::function<domain::WebhookAnswer(const domain::WebhookPost&)> post;
    const domain::RegistrySource& registry;
    const runtime::Clock& clock;
    std::string public_url;
    int senders = 1;
    /// Longer than an attempt.
    std::chrono::seconds lease{30};
};

class WebhookSender {
public:
    explicit WebhookSender(WebhookSenderParts parts);

private:
    std::chrono::milliseconds step();
    std::optional<domain::WebhookTurn> take();
    void attempt(const domain::WebhookTurn& turn);
    domain::WebhookAnswer tried(const domain::WebhookTurn& turn) const;
    domain::NewNotice notice_of(const domain::WebhookTurn& turn, bool is_gone,
                                domain::Instant now) const;

    WebhookSenderParts parts_;
    std::mutex taking_;
    /// While nothing is due, one thread looks and not each.
    runtime::Steady::time_point empty_until_{}, swept_at_{};
    /// The last member: the threads end before the others go.
    std::vector<std::unique_ptr<runtime::Background>> threads_;
};

}  // namespace chaiqin::notification
