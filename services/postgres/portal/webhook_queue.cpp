#include "postgres/binary.hpp"
#include "postgres/pool.hpp"
#include "postgres/portal/portal_stores.hpp"
#include "postgres/portal/webhook_events.sql.hpp"
#include "postgres/portal/webhook_queue.sql.hpp"

namespace chaiqin::postgres::portal {

namespace {

using domain::AfterAttempt;
using domain::FinishedSubmission;
using domain::Instant;
using domain::UnitOfWork;
using domain::WebhookAnswer;
using domain::WebhookEvent;
using domain::WebhookTurn;

constexpr auto session_within = std::chrono::seconds(30);
/// A delivery keeps the last ones.
constexpr std::int32_t attempts_kept = 30;
constexpr std::int32_t swept_at_once = 1'000;

std::string state_of(AfterAttempt::Delivery delivery) {
    switch (delivery) {
        case AfterAttempt::Delivery::delivered:
            return "delivered";
        case AfterAttempt::Delivery::waits:
            return "waiting";
        case AfterAttempt::Delivery::given_up:
            return "given_up";
    }
    return "";
}

FinishedSubmission finished_in(const Row& row) {
    FinishedSubmission finished;
    finished.submission_id = row.uuid("submission_id");
    if (const auto month = row.optional_int8("data_month"))
        finished.data_month = static_cast<domain::Month>(*month);
    if (row.is_null("total")) return finished;
    finished.dispositions.emplace();
    for (const auto* name :
         {"invalid", "unchanged", "stale", "deletion", "superseded", "unmatched", "counted"})
        finished.dispositions->push_back(row.int8(name));
    return finished;
}

class PostgresWebhookEvents final : public domain::WebhookEvents {
public:
    std::set<std::string> listening(UnitOfWork& work,
                                    const std::vector<std::string>& agencies) override {
        Params params;
        params.add_array(agencies);
        std::set<std::string> found;
        for (const auto row : query_prepared(work, sql::webhook_listening, params))
            found.insert(row.string("agency"));
        return found;
    }

    std::vector<FinishedSubmission> finished(
        UnitOfWork& work, const std::vector<std::string>& submission_ids) override {
        Params params;
        params.add_uuid_array(submission_ids);
        std::vector<FinishedSubmission> found;
        for (const auto row : query_prepared(work, sql::webhook_finished, params))
            found.push_back(finished_in(row));
        return found;
    }

    void add(UnitOfWork& work, std::span<const WebhookEvent> events) override {
        if (events.empty()) return;
        Params agencies;
        agencies.add_column(events, &WebhookEvent::agency);
        std::vector<std::string> webhooks;
        for (const auto row : query_prepared(work, sql::webhook_lock, agencies))
            webhooks.push_back(row.uuid("id"));
        if (webhooks.empty()) return;
        Params params;
        params.add_column(events, &WebhookEvent::agency)
            .add_column(events, &WebhookEvent::event)
            .add_column(events, &WebhookEvent::event_key)
            .add_column(events,
                        [](const WebhookEvent& one) {
                            return domain::webhook_body(one.event, one.at, one.data);
                        })
            .add_column(events, &WebhookEvent::at)
            .add_uuid_array(webhooks);
        query_prepared(work, sql::webhook_add_events, params);
    }
};

/// A sender has one before and after its attempt, not meanwhile.
constexpr int most_sessions = 4;

class PostgresWebhookQueue final : public domain::WebhookQueue {
public:
    PostgresWebhookQueue(SessionSettings settings, domain::NoticeStore& notices, int senders)
        : pool_(std::move(settings), static_cast<std::size_t>(std::min(senders, most_sessions))),
          notices_(notices),
          most_failing_(std::max(1, senders / 2)) {}

    std::optional<WebhookTurn> take(Instant now, std::chrono::seconds lease) override {
        return pool_.in_transaction(
            session_within, [&](auto& work) { return taken(work, now, lease, most_failing_); });
    }

    void note(const WebhookTurn& turn, const WebhookAnswer& answer, const AfterAttempt& after,
              const std::optional<domain::NewNotice>& notice, Instant now) override {
        auto session = pool_.take(session_within);
        auto work = session->begin();
        Params whose;
        whose.add_uuid(turn.webhook_id).add(turn.lease);
        const auto rows = query_prepared(*work, sql::lock_turn, whose);
        if (!rows.empty()) {
            Params params;
            params.add_uuid(turn.webhook_id).add(turn.n).add(state_of(after.delivery));
            params.add(after.next_at).add(std::int32_t{after.retries}).add(now);
            params.add(std::int32_t{answer.status}).add(answer.error).add(attempts_kept);
            query_prepared(*work, sql::note_attempt, params);
            if (after.disables) {
                query_prepared(*work, sql::give_up_all, only_id(turn.webhook_id));
                if (notice && rows.only().boolean("is_enabled"))
                    notices_.write(*work, std::span(&*notice, 1));
            }
            const bool delivered = after.delivery == AfterAttempt::Delivery::delivered;
            end(*work, turn.webhook_id, now, {delivered, !delivered, after.disables});
        }
        session->commit(*work);
    }

    void sweep(Instant before) override {
        auto session = pool_.take(session_within);
        auto work = session->begin();
        Params params;
        params.add(before).add(swept_at_once);
        query_prepared(*work, sql::sweep_deliveries, params);
        session->commit(*work);
    }

private:
    struct Ending {
        bool delivered = false, failed = false, disables = false;
    };

    static Params only_id(const std::string& webhook_id) {
        Params params;
        params.add_uuid(webhook_id);
        return params;
    }

    static void end(UnitOfWork& work, const std::string& webhook_id, Instant now,
                    const Ending& ending) {
        auto params = only_id(webhook_id);
        params.add(now).add(ending.delivered).add(ending.failed).add(ending.disables);
        query_prepared(work, sql::end_turn, params);
    }

    static std::optional<WebhookTurn> taken(UnitOfWork& work, Instant now,
                                            std::chrono::seconds lease, std::int32_t most_failing) {
        Params params;
        params.add(now).add(static_cast<std::int32_t>(lease.count())).add(most_failing);
        const auto rows = query_prepared(work, sql::take_turn, params);
        if (rows.empty()) return std::nullopt;
        const auto row = rows.only();
        WebhookTurn turn;
        turn.webhook_id = row.uuid("id");
        turn.agency = row.string("agency");
        turn.url = row.string("url");
        turn.lease = row.int8("lease");
        turn.failing_since = row.optional_instant("failing_since");
        turn.secrets.push_back(row.string("secret_sealed"));
        if (auto previous = row.optional_text("previous_sealed"))
            turn.secrets.push_back(std::move(*previous));
        auto which = only_id(turn.webhook_id);
        which.add(now);
        const auto waiting = query_prepared(work, sql::first_waiting, which);
        if (waiting.empty() || !waiting.only().boolean("is_due")) {
            end(work, turn.webhook_id, now, {});
            return std::nullopt;
        }
        turn.n = waiting.only().int8("n");
        turn.body = waiting.only().string("body");
        turn.retries = waiting.only().int4("retries");
        return turn;
    }

    Pool pool_;
    domain::NoticeStore& notices_;
    /// Of the turns at a time, those that webhooks which fail may have.
    std::int32_t most_failing_;
};

}  // namespace

std::unique_ptr<domain::WebhookEvents> make_webhook_events() {
    return std::make_unique<PostgresWebhookEvents>();
}

std::unique_ptr<domain::WebhookQueue> make_webhook_queue(SessionSettings settings,
                                                         domain::NoticeStore& notices,
                                                         int senders) {
    settings.application_name = "notification webhooks";
    return std::make_unique<PostgresWebhookQueue>(std::move(settings), notices, senders);
}

}  // namespace chaiqin::postgres::portal
