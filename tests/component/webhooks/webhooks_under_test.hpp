#pragma once
// Webhooks from the gateway's store to a receiver, with a real database, the rights of the roles
// and a clock that the test moves.
#include <gtest/gtest.h>

#include "component/webhooks/receiver_server.hpp"
#include "crypto/keyed_hash.hpp"
#include "crypto/webhook_signature.hpp"
#include "notification/webhooks/sender.hpp"
#include "postgres/notification/notification_stores.hpp"
#include "postgres/portal/portal_stores.hpp"
#include "support/scratch_database.hpp"
#include "webhooks/post.hpp"

namespace chaiqin::testing {

inline const std::string agency = "Z00000001A";

class OneAgency final : public domain::RegistrySource {
public:
    OneAgency() {
        domain::AgencyRegistry::Versions versions;
        domain::AgencyVersion version;
        version.name = "測試機關";
        version.contact_email = "clerk@agency.example";
        versions[agency].push_back(version);
        auto registry = std::make_shared<domain::Registry>();
        registry->agencies = domain::AgencyRegistry(std::move(versions));
        registry_ = registry;
    }
    domain::RegistryPtr current() const override { return registry_; }

private:
    domain::RegistryPtr registry_;
};

class MovedClock final : public runtime::Clock {
public:
    domain::Instant now() const override { return begin + std::chrono::seconds(moved.load()); }
    void move(std::chrono::seconds by) { moved += by.count(); }
    const domain::Instant begin = domain::parse_rfc3339("2026-11-05T09:00:00+08:00").value();
    std::atomic<std::int64_t> moved = 0;
};

inline bool eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

struct WebhooksUnderTest {
    WebhooksUnderTest() {
        limits.allow_loopback = true;
        limits.within = std::chrono::milliseconds(5'000);
    }

    postgres::SessionSettings session(const std::string& role) const {
        return {.conninfo = database.conninfo(role), .application_name = "webhooks test"};
    }
    std::string add(const std::string& url, std::vector<std::string> events = {}) {
        if (events.empty()) events = {"submission.finished", "deadline.near"};
        const auto id = crypto::random_uuid();
        EXPECT_TRUE(store->add({.id = id,
                                .agency = agency,
                                .url = url,
                                .events = events,
                                .state = {},
                                .created_at = clock.now()},
                               sealer.seal("first secret", agency, id)));
        return id;
    }
    std::int64_t test(const std::string& id, const std::string& body = "{}") {
        return store->add_test({agency, id}, body, clock.now()).value();
    }
    std::unique_ptr<domain::WebhookQueue> queue(int senders) {
        return postgres::portal::make_webhook_queue(session("notification"), *notices, senders);
    }
    notification::WebhookSender sender(domain::WebhookQueue& of, int senders = 4) {
        return notification::WebhookSender(
            {.queue = of,
             .sealer = sealer,
             .post = [this](const auto& post) { return webhooks::send(post, limits); },
             .registry = registry,
             .clock = clock,
             .public_url = "https://chaiqin.example",
             .senders = senders});
    }
    /// "n state" of each delivery, in order.
    std::string states(const std::string& id) {
        return database.value(
            "SELECT string_agg(n || ' ' || state, ', ' ORDER BY n) FROM portal.webhook_delivery"
            " WHERE webhook_id = $1",
            id);
    }
    std::string state(const std::string& id) {
        return database.value("SELECT state FROM portal.webhook WHERE id = $1", id);
    }
    /// "status error" of each attempt at a delivery.
    std::string attempts(const std::string& id, std::int64_t n = 1) {
        return database.value(
            "SELECT (SELECT string_agg(s || ' ' || e, ', ') FROM unnest(attempt_status,"
            " attempt_error) AS a(s, e)) FROM portal.webhook_delivery"
            " WHERE webhook_id = $1 AND n = $2",
            id, n);
    }

    ScratchDatabase database;
    crypto::Sealer sealer{crypto::Keyring{.seal = {{"1", std::string(32, 'k')}}}};
    OneAgency registry;
    MovedClock clock;
    webhooks::PostSettings limits;
    std::unique_ptr<domain::NoticeStore> notices = postgres::notification::make_notice_store();
    std::unique_ptr<domain::WebhookEvents> events = postgres::portal::make_webhook_events();
    std::unique_ptr<domain::WebhookStore> store =
        postgres::portal::make_webhook_store(session("gateway"));
};

}  // namespace chaiqin::testing
