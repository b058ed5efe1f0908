#include "postgres/stage_ledger.hpp"

#include <unistd.h>

#include <random>

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

/// Distinguishes processes, also on different machines.
const std::string& process_name() {
    static const std::string name =
        std::to_string(getpid()) + "-" + std::to_string(std::random_device{}() % 1'000'000);
    return name;
}

constexpr std::chrono::milliseconds lock_wait{2000};

class PostgresStageLedger final : public runtime::StageLedger {
public:
    explicit PostgresStageLedger(StageLedgerSettings settings)
        : settings_(std::move(settings)), s_(settings_.schema), session_(settings_.session) {}

    Progress take_over(const TopicPartition& at) override {
        auto work = session_.begin();
        Params params;
        params.add(settings_.stage).add(at.topic).add(at.partition);
        StatementUnderWay statement(
            *work,
            "WITH old AS (SELECT next_offset, change_no, trying_offset, tries FROM " + s_ +
                ".progress WHERE stage = $1 AND topic = $2 AND partition = $3 FOR UPDATE)"
                " UPDATE " +
                s_ +
                ".progress p SET trying_offset = COALESCE(old.trying_offset, old.next_offset)"
                " FROM old WHERE p.stage = $1 AND p.topic = $2 AND p.partition = $3"
                " RETURNING old.next_offset, old.change_no, old.trying_offset, old.tries",
            params);
        for (int waits = 0; !statement.is_done(lock_wait); ++waits) {
            if (waits == 4)
                throw domain::TransientFailure("the progress row stays locked by another session");
            end_stalled_owner(at, statement.backend());
        }
        const auto progress = read_progress(statement.rows(), at);
        session_.commit(*work);
        return progress;
    }

    void give_up(const TopicPartition& at) override {
        auto work = session_.begin();
        Params params;
        params.add(settings_.stage).add(at.topic).add(at.partition);
        query(*work,
              "UPDATE " + s_ +
                  ".progress SET trying_offset = NULL WHERE stage = $1 AND topic = $2 AND "
                  "partition = $3"
                  " AND trying_offset = next_offset AND tries = 0",
              params);
        session_.commit(*work);
    }

    std::optional<BegunBatch> begin(const TopicPartition& at, std::int64_t first,
                                    std::int64_t next) override {
        auto work = session_.begin();
        Params params;
        params.add(next).add(settings_.stage).add(at.topic).add(at.partition).add(first);
        const auto rows =
            query_prepared(*work,
                           "UPDATE " + s_ +
                               ".progress SET next_offset = $1, trying_offset = NULL, tries = 0"
                               " WHERE stage = $2 AND topic = $3 AND partition = $4 AND " +
                               std::string(settings_.compare_and_set ? "next_offset = $5"
                                                                     : "$5::bigint IS NOT NULL") +
                               " RETURNING change_no",
                           params);
        if (rows.size() == 0) return std::nullopt;
        return BegunBatch{std::move(work), rows.int8(0, 0)};
    }

    std::optional<BegunBatch> begin_upkeep(const TopicPartition& at,
                                           std::int64_t expected) override {
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

    std::vector<std::string> unapplied(UnitOfWork& work,
                                       const std::vector<std::string>& event_ids) override {
        if (!settings_.applied_ids) return event_ids;
        Params params;
        params.add_array(event_ids);
        const auto rows =
            query_prepared(work,
                           "INSERT INTO " + s_ +
                               ".applied (event_id) SELECT DISTINCT unnest($1::text[]) ON "
                               "CONFLICT DO NOTHING RETURNING event_id",
                           params);
        std::vector<std::string> fresh;
        for (int i = 0; i < rows.size(); ++i) fresh.emplace_back(rows.text(i, 0));
        return fresh;
    }

    std::vector<std::int64_t> append_outbox(UnitOfWork& work, const TopicPartition& at,
                                            const runtime::Outbox& outbox) override {
        const auto& messages = outbox.messages();
        std::vector<std::int64_t> ids;
        if (messages.empty()) return ids;
        Params count;
        count.add(static_cast<std::int32_t>(messages.size()));
        const auto drawn = query_prepared(work,
                                          "SELECT nextval(pg_get_serial_sequence('" + s_ +
                                              ".outbox', 'id')) FROM generate_series(1, $1)",
                                          count);
        CopyWriter copy(work, s_ + ".outbox",
                        {"id", "input_topic", "input_partition", "topic", "partition", "key",
                         "event_id", "headers", "payload"});
        for (const auto& message : messages) {
            ids.push_back(drawn.int8(static_cast<int>(ids.size()), 0));
            copy.row();
            copy.int8(ids.back());
            copy.text(at.topic);
            copy.int4(at.partition);
            copy.text(message.topic);
            copy.int4(message.partition);
            copy.text(message.key);
            copy.text(message.event_id);
            copy.text_array(flat(message.headers));
            copy.text(message.payload);
        }
        copy.finish();
        return ids;
    }

    void delete_outbox(UnitOfWork& work, const TopicPartition& at,
                       const std::vector<std::int64_t>& ids) override {
        Params params;
        params.add(at.topic).add(at.partition).add_array(ids);
        query_prepared(
            work,
            "DELETE FROM " + s_ +
                ".outbox WHERE input_topic = $1 AND input_partition = $2 AND id = ANY ($3)",
            params);
    }

    void commit(BegunBatch batch) override { session_.commit(*batch.work); }

    runtime::OutboxPage read_outbox(const TopicPartition& at, std::int64_t from,
                                    std::size_t most_bytes) override {
        constexpr std::int32_t most_rows = 1000;
        auto work = session_.begin();
        Params params;
        params.add(at.topic)
            .add(at.partition)
            .add(from)
            .add(static_cast<std::int64_t>(most_bytes))
            .add(most_rows);
        const auto rows = query(*work,
                                "SELECT o.id, o.topic, o.partition, o.key, o.event_id, o.headers, "
                                "o.payload FROM (SELECT"
                                " id, topic, partition, key, event_id, headers, payload,"
                                " sum(octet_length(payload)) OVER (ORDER BY id) - "
                                "octet_length(payload) AS before FROM " +
                                    s_ +
                                    ".outbox WHERE input_topic = $1 AND input_partition = $2 AND "
                                    "id >= $3 ORDER BY id LIMIT $5) o"
                                    " WHERE o.before < $4 ORDER BY o.id",
                                params);
        runtime::OutboxPage page;
        for (int i = 0; i < rows.size(); ++i)
            page.rows.push_back(
                {rows.int8(i, 0),
                 {rows.string(i, 1), rows.int4(i, 2), rows.string(i, 3), rows.string(i, 4),
                  pairs(rows.text_array(i, 5)), rows.string(i, 6)}});
        Params rest;
        rest.add(at.topic)
            .add(at.partition)
            .add(page.rows.empty() ? from : page.rows.back().id + 1);
        const auto more =
            query(*work,
                  "SELECT EXISTS (SELECT 1 FROM " + s_ +
                      ".outbox WHERE input_topic = $1 AND input_partition = $2 AND id >= $3)",
                  rest);
        page.is_last = !more.boolean(0, 0);
        session_.commit(*work);
        return page;
    }

    void delete_outbox(const TopicPartition& at, const std::vector<std::int64_t>& ids) override {
        auto work = session_.begin();
        delete_outbox(*work, at, ids);
        session_.commit(*work);
    }

    void bury_outbox(const TopicPartition& at, std::int64_t id,
                     const std::string& reason) override {
        auto work = session_.begin();
        Params params;
        params.add(at.topic).add(at.partition).add(id).add(reason);
        query(*work,
              "WITH gone AS (DELETE FROM " + s_ +
                  ".outbox WHERE input_topic = $1 AND input_partition = $2 AND id = $3 RETURNING *)"
                  " INSERT INTO " +
                  s_ +
                  ".outbox_dead (id, input_topic, input_partition, topic, partition, key, "
                  "event_id, headers, "
                  "payload, reason)"
                  " SELECT id, input_topic, input_partition, topic, partition, key, event_id, "
                  "headers, "
                  "payload, $4 FROM gone",
              params);
        session_.commit(*work);
    }

    int mark_try(const TopicPartition& at, std::int64_t offset) override {
        auto work = session_.begin();
        Params params;
        params.add(offset).add(settings_.stage).add(at.topic).add(at.partition);
        const auto rows = query(*work,
                                "UPDATE " + s_ +
                                    ".progress SET tries = CASE WHEN trying_offset = $1 THEN tries "
                                    "+ 1 ELSE 1 END, trying_offset "
                                    "= $1"
                                    " WHERE stage = $2 AND topic = $3 AND partition = $4 AND "
                                    "next_offset <= $1 RETURNING tries",
                                params);
        const int tries = rows.size() ? rows.int4(0, 0) : 0;
        session_.commit(*work);
        return tries;
    }

    void quarantine(UnitOfWork& work, const runtime::Message& message,
                    const std::string& reason) override {
        Params params;
        params.add(std::string(message.header(runtime::event_id_header)))
            .add(message.topic)
            .add(message.partition)
            .add(message.offset)
            .add(message.key);
        params.add_array(flat(message.headers)).add_bytes(message.payload).add(reason);
        query(work,
              "INSERT INTO " + s_ +
                  ".quarantine (event_id, topic, partition, \"offset\", key, headers, payload, "
                  "reason)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
              params);
    }

    bool is_connected() override { return session_.answers(); }

private:
    Progress read_in(UnitOfWork& work, const TopicPartition& at, const char* suffix) {
        Params params;
        params.add(settings_.stage).add(at.topic).add(at.partition);
        return read_progress(
            query_prepared(work,
                           "SELECT next_offset, change_no, trying_offset, tries FROM " + s_ +
                               ".progress WHERE stage = $1 AND topic = $2 AND partition = $3" +
                               suffix,
                           params),
            at);
    }

    Progress read_progress(const Rows& rows, const TopicPartition& at) const {
        if (rows.size() == 0)
            throw domain::PermanentFailure("no progress row for " + settings_.stage + " " +
                                           at.topic + "/" + std::to_string(at.partition) +
                                           "; run `chaiqin topics apply`");
        return {rows.int8(0, 0), rows.int8(0, 1), rows.optional_int8(0, 2), rows.int4(0, 3)};
    }

    /// A stopped process may hold the row for ever: the sessions that block ours are ended, if they
    /// are of the same role and stage and not of this process (whose own batch ends by itself).
    void end_stalled_owner(const TopicPartition& at, int blocked) {
        Session other(settings_.session);
        auto work = other.begin();
        Params params;
        params.add(blocked).add(settings_.stage).add(settings_.session.application_name);
        const auto rows = query(
            *work,
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid)) FROM pg_stat_activity a"
            " WHERE a.pid = ANY (pg_blocking_pids($1)) AND a.usename = current_user"
            " AND starts_with(a.application_name, $2 || ' ') AND a.application_name <> $3",
            params);
        other.commit(*work);
        if (rows.int8(0, 0) > 0)
            runtime::log_warn(
                "ended the database session of a stalled owner",
                {{"stage", settings_.stage}, {"topic", at.topic}, {"partition", at.partition}});
    }

    StageLedgerSettings settings_;
    std::string s_;
    Session session_;
};

}  // namespace

std::unique_ptr<runtime::StageLedger> make_stage_ledger(StageLedgerSettings settings) {
    settings.session.application_name = settings.stage + " " + process_name();
    return std::make_unique<PostgresStageLedger>(std::move(settings));
}

}  // namespace chaiqin::postgres
