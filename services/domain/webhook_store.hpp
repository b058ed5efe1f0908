#pragma once
// The ports to webhooks, implemented by postgres/portal: what the gateway does to them, how an
// event comes into their queues, and how the sender takes turns. TransientFailure while the
// database is away. All are thread-safe but WebhookEvents, which works within its caller's
// transaction.
#include <chrono>
#include <set>
#include <span>

#include "domain/notice_store.hpp"
#include "domain/unit_of_work.hpp"
#include "domain/webhook.hpp"

namespace chaiqin::domain {

struct Webhook {
    std::string id, agency, url;
    std::vector<std::string> events;
    std::string state;  ///< active, failing, disabled
    Instant created_at{};
    std::optional<Instant> last_success_at, failing_since;
};

struct WebhookChange {
    std::optional<std::string> url;
    std::optional<std::vector<std::string>> events;
    std::optional<bool> active;  ///< false: disabled, and what waits is given up
};

/// A webhook and whose it is: another agency's is not there.
struct OwnedWebhook {
    std::string agency, id;
};

/// Each call is one transaction.
class WebhookStore {
public:
    virtual ~WebhookStore() = default;
    /// Empty if the agency has as many as it may.
    virtual std::optional<Webhook> add(const Webhook& webhook, const std::string& sealed) = 0;
    /// The rest: empty or false if the agency has no such webhook.
    virtual std::optional<Webhook> change(const OwnedWebhook& of, const WebhookChange& change,
                                          Instant now) = 0;
    virtual bool remove(const OwnedWebhook& of) = 0;
    /// The secret so far signs too until then.
    virtual bool rotate(const OwnedWebhook& of, const std::string& sealed,
                        Instant previous_until) = 0;
    /// The number of the delivery.
    virtual std::optional<std::int64_t> add_test(const OwnedWebhook& of, const std::string& body,
                                                 Instant now) = 0;
    /// The delivery is sent again, or now if it waits; false also if there is no such delivery.
    virtual bool retry(const OwnedWebhook& of, std::int64_t n, Instant now) = 0;
};

/// An event for every active webhook of its agency that wants it. `data`: JSON without personal
/// data.
struct WebhookEvent {
    std::string agency;
    std::string event;
    /// Of one key each webhook gets one delivery, however often it is added.
    std::string event_key;
    std::string data;
    Instant at{};
};

/// Numbers of a submission that its event does not carry.
struct FinishedSubmission {
    std::string submission_id;
    std::optional<Month> data_month;
    /// Once it is matched: invalid, unchanged, stale, deletion, superseded, unmatched, counted.
    std::optional<std::vector<std::int64_t>> dispositions;
};

/// The one way of an event into the queues. Roles that call it need the rights that the statements
/// in postgres/portal/webhook_events.sql say.
class WebhookEvents {
public:
    virtual ~WebhookEvents() = default;
    /// Those of the agencies that have an active webhook, so that nobody composes what nobody
    /// wants.
    virtual std::set<std::string> listening(UnitOfWork& work,
                                            const std::vector<std::string>& agencies) = 0;
    virtual std::vector<FinishedSubmission> finished(
        UnitOfWork& work, const std::vector<std::string>& submission_ids) = 0;
    virtual void add(UnitOfWork& work, std::span<const WebhookEvent> events) = 0;
};

/// A delivery that may be tried now, and by nobody else until the lease ends.
struct WebhookTurn {
    std::string webhook_id, agency, url;
    std::int64_t lease = 0;
    std::int64_t n = 0;
    std::string body;
    int retries = 0;
    std::optional<Instant> failing_since;
    /// Sealed, with agency and id as associated data; the newest first.
    std::vector<std::string> secrets;
};

class WebhookQueue {
public:
    virtual ~WebhookQueue() = default;
    /// Takes the webhook whose first waiting delivery has been due longest and that no sender has.
    /// `lease` is longer than an attempt takes. Empty: none is due.
    virtual std::optional<WebhookTurn> take(Instant now, std::chrono::seconds lease) = 0;
    /// Notes an attempt and ends the turn; `notice` is written if the webhook is disabled by this.
    /// Without effect if the turn is somebody else's by now.
    virtual void note(const WebhookTurn& turn, const WebhookAnswer& answer,
                      const AfterAttempt& after, const std::optional<NewNotice>& notice,
                      Instant now) = 0;
    /// Removes deliveries made before then that do not wait.
    virtual void sweep(Instant before) = 0;
};

}  // namespace chaiqin::domain
