#include "postgres/stage_ledger.hpp"

#include <unistd.h>

#include "postgres/binary.hpp"
#include "postgres/pq.hpp"
#include "runtime/log.hpp"

namespace chaiqin::postgres {

using domain::UnitOfWork;
using runtime::BegunBatch;
using runtime::OutgoingMessage;
using runtime::Progress;
using runtime::TopicPartition;

namespace {

std::vector<std::string> flat(const runtime::Headers& headers) {
    std::vector<std::string> all;
    for (const auto& [name, value] : headers) {
        all.push_back(name);
        all.push_back(value);
    }
    return all;
}

runtime::Headers pairs(const std::vector<std::string>& all) {
    runtime::Headers headers;
    for (std::size_t i = 0; i + 1 < all.size(); i += 2) headers.emplace_back(all[i], all[i + 1]);
    return headers;
}

class PostgresStageLedger final : public runtime::StageLedger {
public:
    explicit PostgresStageLedger(StageLedgerSettings settings)
        : settings_(std::move(settings)), s_(settings_.schema), session_(settings_.session) {}

    Progress take_over(const TopicPartition& at) override {
        for (int tries = 0;; ++tries) {
            try {
                auto work = session_.begin();
                exec(*work, "SET LOCAL lock_timeout = '2s'");
                const auto progress = read_in(*work, at, " FOR UPDATE");
                session_.commit(*work);
                return progress;
            } catch (const domain::TransientFailure&) {
                if (tries >= 3) throw;
                end_stalled_owner(at);
            }
        }
    }

    std::optional<BegunBatch> begin(const TopicPartition& at, std::int64_t first, std::int64_t next) override {
        auto work = session_.begin();
        Params params;
        params.add(next).add(settings_.stage).add(at.topic).add(at.partition).add(first);
        const auto rows = query(*work,
                                "UPDATE " + s_ + ".progress SET next_offset = $1, trying_offset = NULL, tries = 0"
                                " WHERE stage = $2 AND topic = $3 AND partition = $4 AND " +
                                    std::string(settings_.compare_and_set ? "next_offset = $5" : "$5::bigint IS NOT NULL") + " RETURNING change_no",
                                params);
        if (rows.size() == 0) return std::nullopt;
        return BegunBatch{std::move(work), rows.int8(0, 0)};
    }

    std::optional<BegunBatch> begin_upkeep(const TopicPartition& at, std::int64_t expected) override {
        auto work = session_.begin();
        const auto progress = read_in(*work, at, " FOR UPDATE");
        if (settings_.compare_and_set && progress.next_offset != expected) return std::nullopt;
        return BegunBatch{std::move(work), progress.change_no};
    }

    Progress read(const TopicPartition& at) override {
        auto work = session_.begin();
        const auto progress = read_in(*work, at, "");
        session_.commit(*work);
        return progress;
    }

    std::vector<std::string> unapplied(UnitOfWork& work, const std::vector<std::string>& event_ids) override {
        if (!settings_.applied_ids) return event_ids;
        Params params;
        params.add_array(event_ids);
        const auto rows = query(work, "INSERT INTO " + s_ + ".applied (event_id) SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING RETURNING event_id", params);
        std::vector<std::string> fresh;
        for (int i = 0; i < rows.size(); ++i) fresh.emplace_back(rows.text(i, 0));
        return fresh;
    }

    std::vector<std::int64_t> append_outbox(UnitOfWork& work, const TopicPartition& at, const runtime::Outbox& outbox) override {
        std::vector<std::int64_t> ids;
        for (const auto& message : outbox.messages()) {
            Params params;
            params.add(at.topic).add(at.partition).add(message.topic).add(message.partition).add(message.key).add(message.event_id);
            params.add_array(flat(message.headers)).add_bytes(message.payload);
            const auto rows = query(work,
                                    "INSERT INTO " + s_ + ".outbox (input_topic, input_partition, topic, partition, key, event_id, headers, payload)"
                                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id", params);
            ids.push_back(rows.int8(0, 0));
        }
        return ids;
    }

    void delete_outbox(UnitOfWork& work, const TopicPartition& at, const std::vector<std::int64_t>& ids) override {
        Params params;
        params.add(at.topic).add(at.partition).add_array(ids);
        query(work, "DELETE FROM " + s_ + ".outbox WHERE input_topic = $1 AND input_partition = $2 AND id = ANY ($3)", params);
    }

    void commit(BegunBatch batch) override { session_.commit(*batch.work); }

    std::vector<runtime::OutboxRow> read_outbox(const TopicPartition& at) override {
        auto work = session_.begin();
        Params params;
        params.add(at.topic).add(at.partition);
        const auto rows = query(*work, "SELECT id, topic, partition, key, event_id, headers, payload FROM " + s_ + ".outbox WHERE input_topic = $1 AND input_partition = $2 ORDER BY id", params);
        std::vector<runtime::OutboxRow> all;
        for (int i = 0; i < rows.size(); ++i)
            all.push_back({rows.int8(i, 0), {std::string(rows.text(i, 1)), rows.int4(i, 2), std::string(rows.text(i, 3)), std::string(rows.text(i, 4)),
                                             pairs(rows.text_array(i, 5)), std::string(rows.text(i, 6))}});
        session_.commit(*work);
        return all;
    }

    void delete_outbox(const TopicPartition& at, const std::vector<std::int64_t>& ids) override {
        auto work = session_.begin();
        delete_outbox(*work, at, ids);
        session_.commit(*work);
    }

    void bury_outbox(const TopicPartition& at, std::int64_t id, const std::string& reason) override {
        auto work = session_.begin();
        Params params;
        params.add(at.topic).add(at.partition).add(id).add(reason);
        query(*work,
              "WITH gone AS (DELETE FROM " + s_ + ".outbox WHERE input_topic = $1 AND input_partition = $2 AND id = $3 RETURNING *)"
              " INSERT INTO " + s_ + ".outbox_dead (id, input_topic, input_partition, topic, partition, key, event_id, headers, payload, reason)"
              " SELECT id, input_topic, input_partition, topic, partition, key, event_id, headers, payload, $4 FROM gone", params);
        session_.commit(*work);
    }

    int mark_try(const TopicPartition& at, std::int64_t offset) override {
        auto work = session_.begin();
        Params params;
        params.add(offset).add(settings_.stage).add(at.topic).add(at.partition);
        const auto rows = query(*work,
                                "UPDATE " + s_ + ".progress SET tries = CASE WHEN trying_offset = $1 THEN tries + 1 ELSE 1 END, trying_offset = $1"
                                " WHERE stage = $2 AND topic = $3 AND partition = $4 RETURNING tries", params);
        const int tries = rows.size() ? rows.int4(0, 0) : 0;
        session_.commit(*work);
        return tries;
    }

    void quarantine(UnitOfWork& work, const runtime::Message& message, const std::string& reason) override {
        Params params;
        params.add(std::string(message.header(runtime::event_id_header))).add(message.topic).add(message.partition).add(message.offset).add(message.key);
        params.add_array(flat(message.headers)).add_bytes(message.payload).add(reason);
        query(work,
              "INSERT INTO " + s_ + ".quarantine (event_id, topic, partition, \"offset\", key, headers, payload, reason)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", params);
    }

    bool is_connected() override { return session_.answers(); }

private:
    Progress read_in(UnitOfWork& work, const TopicPartition& at, const char* suffix) {
        Params params;
        params.add(settings_.stage).add(at.topic).add(at.partition);
        const auto rows = query(work, "SELECT next_offset, change_no, trying_offset, tries FROM " + s_ + ".progress WHERE stage = $1 AND topic = $2 AND partition = $3" + suffix, params);
        if (rows.size() == 0)
            throw domain::PermanentFailure("no progress row for " + settings_.stage + " " + at.topic + "/" + std::to_string(at.partition) + "; run `chaiqin topics apply`");
        Progress progress{rows.int8(0, 0), rows.int8(0, 1), std::nullopt, rows.int4(0, 3)};
        if (!rows.is_null(0, 2)) progress.trying_offset = rows.int8(0, 2);
        return progress;
    }

    /// A stopped process may hold the row for ever: its backend is ended, found as the one that blocks ours.
    void end_stalled_owner(const TopicPartition& at) {
        SessionSettings settings = settings_.session;
        settings.application_name += "-takeover";
        Session other(settings);
        auto work = other.begin();
        Params params;
        params.add(settings_.stage).add(std::to_string(getpid()));
        const auto rows = query(*work,
                                "SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a"
                                " WHERE a.usename = current_user AND a.application_name LIKE $1 || ' %' AND a.state LIKE 'idle in transaction%'"
                                " AND a.xact_start < now() - interval '2 seconds' AND a.application_name <> $1 || ' ' || $2::text"
                                " AND a.pid IN (SELECT unnest(pg_blocking_pids(b.pid)) FROM pg_stat_activity b WHERE b.usename = current_user"
                                "               UNION SELECT l.pid FROM pg_locks l WHERE l.relation = '" + s_ + ".progress'::regclass AND l.granted)",
                                params);
        other.commit(*work);
        if (rows.int8(0, 0) > 0)
            runtime::log_warn("ended the database session of a stalled owner", {{"stage", settings_.stage}, {"topic", at.topic}, {"partition", at.partition}});
    }

    StageLedgerSettings settings_;
    std::string s_;
    Session session_;
};

}  // namespace

std::unique_ptr<runtime::StageLedger> make_stage_ledger(StageLedgerSettings settings) {
    settings.session.application_name = settings.stage + " " + std::to_string(getpid());
    return std::make_unique<PostgresStageLedger>(std::move(settings));
}

}  // namespace chaiqin::postgres
