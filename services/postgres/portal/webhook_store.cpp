#include "postgres/binary.hpp"
#include "postgres/pool.hpp"
#include "postgres/portal/portal_stores.hpp"
#include "postgres/portal/webhooks.sql.hpp"

namespace chaiqin::postgres::portal {

namespace {

using domain::Instant;
using domain::OwnedWebhook;
using domain::UnitOfWork;
using domain::Webhook;
using domain::WebhookChange;

constexpr std::size_t sessions = 2;
constexpr auto session_within = std::chrono::milliseconds(1'000);

Params owned(const OwnedWebhook& of) {
    Params params;
    params.add(of.agency).add_uuid(of.id);
    return params;
}

Params only_id(const std::string& id) {
    Params params;
    params.add_uuid(id);
    return params;
}

Webhook webhook_in(const Row& row) {
    return {.id = row.uuid("id"),
            .agency = row.string("agency"),
            .url = row.string("url"),
            .events = row.text_array("events"),
            .state = row.string("state"),
            .created_at = row.instant("created_at"),
            .last_success_at = row.optional_instant("last_success_at"),
            .failing_since = row.optional_instant("failing_since")};
}

bool lock(UnitOfWork& work, const OwnedWebhook& of) {
    return !query_prepared(work, sql::lock_webhook, owned(of)).empty();
}

class PostgresWebhookStore final : public domain::WebhookStore {
public:
    explicit PostgresWebhookStore(SessionSettings settings)
        : pool_(std::move(settings), sessions) {}

    std::optional<Webhook> add(const Webhook& webhook, const std::string& sealed) override {
        Params agency, params;
        agency.add(webhook.agency);
        params.add_uuid(webhook.id).add(webhook.agency).add(webhook.url);
        params.add_array(webhook.events).add_bytes(sealed).add(webhook.created_at);
        params.add(std::int32_t{domain::most_webhooks});
        return pool_.in_transaction(session_within, [&](auto& work) -> std::optional<Webhook> {
            query_prepared(work, sql::lock_agency, agency);
            const auto rows = query_prepared(work, sql::add_webhook, params);
            if (rows.empty()) return std::nullopt;
            return webhook_in(rows.only());
        });
    }

    std::optional<Webhook> change(const OwnedWebhook& of, const WebhookChange& change,
                                  Instant now) override {
        auto params = only_id(of.id);
        params.add(change.url).add_array(change.events).add(change.active).add(now);
        return pool_.in_transaction(session_within, [&](auto& work) -> std::optional<Webhook> {
            if (!lock(work, of)) return std::nullopt;
            auto changed = webhook_in(query_prepared(work, sql::change_webhook, params).only());
            if (change.active == false) query_prepared(work, sql::give_up_waiting, only_id(of.id));
            query_prepared(work, sql::set_due, only_id(of.id));
            return changed;
        });
    }

    bool remove(const OwnedWebhook& of) override {
        return pool_.in_transaction(session_within, [&](auto& work) {
            return !query_prepared(work, sql::remove_webhook, owned(of)).empty();
        });
    }

    bool rotate(const OwnedWebhook& of, const std::string& sealed,
                Instant previous_until) override {
        auto params = owned(of);
        params.add_bytes(sealed).add(previous_until);
        return pool_.in_transaction(session_within, [&](auto& work) {
            return !query_prepared(work, sql::rotate_secret, params).empty();
        });
    }

    std::optional<std::int64_t> add_test(const OwnedWebhook& of, const std::string& body,
                                         Instant now) override {
        auto params = only_id(of.id);
        params.add(domain::webhook_test_event).add(body).add(now);
        return pool_.in_transaction(session_within, [&](auto& work) -> std::optional<std::int64_t> {
            if (!lock(work, of)) return std::nullopt;
            const auto n = query_prepared(work, sql::add_test_delivery, params).only().int8("n");
            query_prepared(work, sql::set_due, only_id(of.id));
            return n;
        });
    }

    bool retry(const OwnedWebhook& of, std::int64_t n, Instant now) override {
        auto params = only_id(of.id);
        params.add(n).add(now);
        return pool_.in_transaction(session_within, [&](auto& work) {
            if (!lock(work, of)) return false;
            if (query_prepared(work, sql::retry_delivery, params).empty()) return false;
            query_prepared(work, sql::set_due, only_id(of.id));
            return true;
        });
    }

private:
    Pool pool_;
};

}  // namespace

std::unique_ptr<domain::WebhookStore> make_webhook_store(SessionSettings settings) {
    return std::make_unique<PostgresWebhookStore>(std::move(settings));
}

}  // namespace chaiqin::postgres::portal
