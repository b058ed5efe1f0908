#include "postgres/stage_ledger.hpp"

#include <unistd.h>

#include <random>

#include "postgres/binary.hpp"
#include "postgres/stage_ledger.sql.hpp"
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
        : settings_(std::move(settings)), session_(settings_.session) {}

    Progress take_over(const TopicPartition& at) override {
        auto work = session_.begin();
        StatementUnderWay statement(*work, sql::take_over, row_of(at));
        for (int waits = 0; !statement.is_done(lock_wait); ++waits) {
            if (waits == 4)
                throw domain::TransientFailure("the progress row stays locked by another session");
            end_stalled_owner(at, statement.backend());
        }
        const auto progress = progress_in(statement.rows(), at);
        session_.commit(*work);
        return progress;
    }

    void give_up(const TopicPartition& at) override {
        auto work = session_.begin();
        query(*work, sql::give_up, row_of(at));
        session_.commit(*work);
    }

    std::optional<BegunBatch> begin(const TopicPartition& at, std::int64_t first,
                                    std::int64_t next) override {
        auto work = session_.begin();
        Params params;
        params.add(next).add(settings_.stage).add(at.topic).add(at.partition);
        params.add(settings_.compare_and_set ? std::optional(first) : std::nullopt);
        const auto rows = query_prepared(*work, sql::move_progress, params);
        if (rows.empty()) return std::nullopt;
        return BegunBatch{std::move(work), rows.only().int8("change_no")};
    }

    std::optional<BegunBatch> begin_upkeep(const TopicPartition& at,
                                           std::int64_t expected) override {
        auto work = session_.begin();
        const auto progress =
            progress_in(query_prepared(*work, sql::lock_progress, row_of(at)), at);
        if (settings_.compare_and_set && progress.next_offset != expected) return std::nullopt;
        return BegunBatch{std::move(work), progress.change_no};
    }

    Progress read(const TopicPartition& at) override {
        auto work = session_.begin();
        const auto progress =
            progress_in(query_prepared(*work, sql::read_progress, row_of(at)), at);
        session_.commit(*work);
        return progress;
    }

    std::vector<std::string> unapplied(UnitOfWork& work,
                                       const std::vector<std::string>& event_ids) override {
        if (!settings_.applied_ids) return event_ids;
        Params params;
        params.add_array(event_ids);
        std::vector<std::string> fresh;
        for (const auto row : query_prepared(work, sql::add_applied, params))
            fresh.push_back(row.string("event_id"));
        return fresh;
    }

    std::vector<std::int64_t> append_outbox(UnitOfWork& work, const TopicPartition& at,
                                            runtime::Outbox& outbox) override {
        auto& messages = outbox.messages();
        for (auto& message : messages) mark(message);
        std::vector<std::int64_t> ids;
        if (messages.empty()) return ids;
        Params count;
        count.add(static_cast<std::int32_t>(messages.size()));
        for (const auto row : query_prepared(work, sql::draw_outbox_ids, count))
            ids.push_back(row.int8("id"));
        CopyWriter copy(work, "outbox",
                        {"id", "input_topic", "input_partition", "topic", "partition", "key",
                         "event_id", "headers", "payload"});
        for (std::size_t i = 0; i < messages.size(); ++i) {
            const auto& message = messages[i];
            copy.row();
            copy.int8(ids.at(i));
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

    bool is_of_this_store(const runtime::Message& message) override {
        const auto store = message.header(runtime::store_header);
        return !settings_.store_generation || store.empty() || store == session_.generation();
    }

    runtime::Consumed consumed(UnitOfWork& work, const std::vector<std::string>& topics) override {
        Params params;
        params.add_array(topics);
        runtime::Consumed all;
        for (const auto row : query_prepared(work, sql::consumed, params))
            all[{row.string("topic"), row.int4("partition")}] = row.int8("next_offset");
        return all;
    }

    runtime::Consumed consumed(const std::vector<std::string>& topics) override {
        auto work = session_.begin();
        auto all = consumed(*work, topics);
        session_.commit(*work);
        return all;
    }

    void delete_outbox(UnitOfWork& work, const TopicPartition& at,
                       const std::vector<std::int64_t>& ids) override {
        Params params;
        params.add(at.topic).add(at.partition).add_array(ids);
        query_prepared(work, sql::delete_outbox, params);
    }

    void commit(BegunBatch batch) override { session_.commit(*batch.work); }

    runtime::OutboxPage read_outbox(const TopicPartition& at, std::int64_t from,
                                    std::size_t most_bytes) override {
        constexpr std::int32_t most_rows = 1000;
        auto work = session_.begin();
        Params params;
        params.add(at.topic).add(at.partition).add(from);
        params.add(static_cast<std::int64_t>(most_bytes)).add(most_rows);
        runtime::OutboxPage page;
        for (const auto row : query(*work, sql::read_outbox, params))
            page.rows.push_back({.id = row.int8("id"),
                                 .message = {.topic = row.string("topic"),
                                             .partition = row.int4("partition"),
                                             .key = row.string("key"),
                                             .event_id = row.string("event_id"),
                                             .headers = pairs(row.text_array("headers")),
                                             .payload = row.string("payload")}});
        for (auto& row : page.rows) mark(row.message);
        Params rest;
        rest.add(at.topic).add(at.partition);
        rest.add(page.rows.empty() ? from : page.rows.back().id + 1);
        page.is_last = !query(*work, sql::has_outbox, rest).only().boolean("stands");
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
        query(*work, sql::bury_outbox, params);
        session_.commit(*work);
    }

    int mark_try(const TopicPartition& at, std::int64_t offset) override {
        auto work = session_.begin();
        Params params;
        params.add(offset).add(settings_.stage).add(at.topic).add(at.partition);
        const auto rows = query(*work, sql::note_try, params);
        const int tries = rows.empty() ? 0 : rows.only().int4("tries");
        session_.commit(*work);
        return tries;
    }

    void forget_try(const TopicPartition& at, std::int64_t offset, int tries) override {
        auto work = session_.begin();
        Params params;
        params.add(offset).add(settings_.stage).add(at.topic).add(at.partition);
        params.add(static_cast<std::int32_t>(tries));
        query(*work, sql::forget_try, params);
        session_.commit(*work);
    }

    std::int64_t last_resume() override {
        auto work = session_.begin();
        const auto last = query(*work, sql::last_resume).only().int8("last");
        session_.commit(*work);
        return last;
    }

    void quarantine(UnitOfWork& work, const runtime::Message& message,
                    const std::string& reason) override {
        Params params;
        params.add(message.header(runtime::event_id_header))
            .add(message.topic)
            .add(message.partition)
            .add(message.offset)
            .add(message.key);
        params.add_array(flat(message.headers)).add_bytes(message.payload).add(reason);
        query(work, sql::put_in_quarantine, params);
    }

    bool is_connected() override { return session_.answers(); }

private:
    void mark(OutgoingMessage& message) {
        std::erase_if(message.headers,
                      [](const auto& header) { return header.first == runtime::store_header; });
        message.headers.emplace_back(runtime::store_header, session_.generation());
    }

    /// The key of a progress row.
    Params row_of(const TopicPartition& at) const {
        Params params;
        params.add(settings_.stage).add(at.topic).add(at.partition);
        return params;
    }

    Progress progress_in(const Rows& rows, const TopicPartition& at) const {
        if (rows.empty())
            throw domain::DeploymentFailure(domain::waiting_for::topics,
                                            "no progress row for " + settings_.stage + " " +
                                                at.topic + "/" + std::to_string(at.partition),
                                            "run `chaiqin topics apply`");
        const auto row = rows.only();
        return {.next_offset = row.int8("next_offset"),
                .change_no = row.int8("change_no"),
                .trying_offset = row.optional_int8("trying_offset"),
                .tries = row.int4("tries")};
    }

    /// A stopped process may hold the row for ever: the sessions that block ours are ended, if they
    /// are of the same role and stage and not of this process (whose own batch ends by itself).
    void end_stalled_owner(const TopicPartition& at, int blocked) {
        Session other(settings_.session);
        auto work = other.begin();
        Params params;
        params.add(blocked).add(settings_.stage).add(settings_.session.application_name);
        const auto ended = query(*work, sql::end_blocking_sessions, params).only().int8("ended");
        other.commit(*work);
        if (ended > 0)
            runtime::log_warn(
                "ended the database session of a stalled owner",
                {{"stage", settings_.stage}, {"topic", at.topic}, {"partition", at.partition}});
    }

    StageLedgerSettings settings_;
    Session session_;
};

}  // namespace

std::unique_ptr<runtime::StageLedger> make_stage_ledger(StageLedgerSettings settings) {
    settings.session.application_name = settings.stage + " " + process_name();
    settings.session.search_path = settings.schema;
    return std::make_unique<PostgresStageLedger>(std::move(settings));
}

}  // namespace chaiqin::postgres
