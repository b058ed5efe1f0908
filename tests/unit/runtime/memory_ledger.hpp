#pragma once
// A stage's world in memory, for tests of what stands on it without Kafka and PostgreSQL: a ledger
// whose transactions apply on commit alone, a producer that delivers when the test says so, a stage
// that adds up numbers, and clocks that the test moves. One thread.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "domain/failure.hpp"
#include "runtime/batch_runner.hpp"
#include "runtime/clock.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::runtime::testing {

/// What a commit changes. Several ledgers may share one store, as processes do.
struct MemoryStore {
    std::int64_t next_offset = 0;
    std::optional<std::int64_t> trying_offset;
    int tries = 0;
    std::set<std::string> applied;
    std::map<std::int64_t, OutgoingMessage> outbox;
    std::map<std::int64_t, std::string> outbox_dead;
    std::vector<std::pair<std::string, std::string>> quarantine;  ///< event id, reason
    std::int64_t sum = 0;
    std::int64_t next_outbox_id = 1;
    /// How far the stages are that read what this one sends.
    Consumed consumed;
    /// Orders of `chaiqin quarantine resume`.
    std::int64_t last_resume = 0;
};

/// A transaction: its changes are done to the store when it is committed.
struct MemoryTransaction final : domain::UnitOfWork {
    std::vector<std::function<void(MemoryStore&)>> changes;
};

inline MemoryTransaction& transaction(domain::UnitOfWork& work) {
    return static_cast<MemoryTransaction&>(work);
}

class MemoryLedger final : public StageLedger {
public:
    explicit MemoryLedger(MemoryStore& store) : store_(store) {}

    /// What happens at a commit, each used once in turn: afterwards commits succeed.
    enum class CommitFault { none, lost, in_doubt_but_done, in_doubt_and_done_late };
    std::vector<CommitFault> commit_faults;
    /// So many begins from now on throw TransientFailure.
    int begins_that_fail = 0;
    int begins = 0;

    Progress take_over(const TopicPartition& at) override {
        const auto progress = read(at);
        if (!store_.trying_offset) store_.trying_offset = store_.next_offset;
        return progress;
    }
    void give_up(const TopicPartition&) override {
        if (store_.tries == 0) store_.trying_offset.reset();
    }
    std::optional<BegunBatch> begin(const TopicPartition&, std::int64_t first,
                                    std::int64_t next) override {
        ++begins;
        do_late_commit();
        if (begins_that_fail > 0) {
            --begins_that_fail;
            throw domain::TransientFailure("PostgreSQL is away");
        }
        if (store_.next_offset != first) return std::nullopt;
        auto work = std::make_unique<MemoryTransaction>();
        work->changes.push_back([next](MemoryStore& store) {
            store.next_offset = next;
            store.trying_offset.reset();
            store.tries = 0;
        });
        return BegunBatch{std::move(work), 0};
    }
    std::optional<BegunBatch> begin_upkeep(const TopicPartition&, std::int64_t expected) override {
        do_late_commit();
        if (store_.next_offset != expected) return std::nullopt;
        return BegunBatch{std::make_unique<MemoryTransaction>(), 0};
    }
    Progress read(const TopicPartition&) override {
        return {store_.next_offset, 0, store_.trying_offset, store_.tries};
    }
    std::vector<std::string> unapplied(domain::UnitOfWork& work,
                                       const std::vector<std::string>& event_ids) override {
        std::vector<std::string> fresh;
        for (const auto& id : std::set(event_ids.begin(), event_ids.end()))
            if (!store_.applied.contains(id)) fresh.push_back(id);
        transaction(work).changes.push_back(
            [fresh](MemoryStore& store) { store.applied.insert(fresh.begin(), fresh.end()); });
        return fresh;
    }
    bool is_of_this_store(const Message& message) override {
        const auto store = message.header(store_header);
        return store.empty() || store == this_store;
    }
    std::string this_store = "1";
    Consumed consumed(domain::UnitOfWork&, const std::vector<std::string>& topics) override {
        return consumed(topics);
    }
    Consumed consumed(const std::vector<std::string>& topics) override {
        Consumed asked;
        for (const auto& [at, offset] : store_.consumed)
            if (std::ranges::find(topics, at.topic) != topics.end()) asked[at] = offset;
        if (during_consumed) during_consumed();
        return asked;
    }
    std::function<void()> during_consumed;
    std::vector<std::int64_t> append_outbox(domain::UnitOfWork& work, const TopicPartition&,
                                            Outbox& outbox) override {
        std::vector<std::int64_t> ids;
        for (const auto& message : outbox.messages()) {
            ids.push_back(store_.next_outbox_id++);
            transaction(work).changes.push_back(
                [id = ids.back(), message](MemoryStore& store) { store.outbox[id] = message; });
        }
        return ids;
    }
    void delete_outbox(domain::UnitOfWork& work, const TopicPartition&,
                       const std::vector<std::int64_t>& ids) override {
        transaction(work).changes.push_back([ids](MemoryStore& store) {
            for (const auto id : ids) store.outbox.erase(id);
        });
    }
    void commit(BegunBatch batch) override {
        auto fault = CommitFault::none;
        if (!commit_faults.empty()) {
            fault = commit_faults.front();
            commit_faults.erase(commit_faults.begin());
        }
        if (fault == CommitFault::in_doubt_and_done_late)
            late_ = std::move(transaction(*batch.work).changes);
        else if (fault != CommitFault::lost)
            for (const auto& change : transaction(*batch.work).changes) change(store_);
        if (fault != CommitFault::none) throw domain::TransientFailure("commit in doubt");
    }
    OutboxPage read_outbox(const TopicPartition&, std::int64_t from,
                           std::size_t most_bytes) override {
        OutboxPage page;
        std::size_t bytes = 0;
        for (auto row = store_.outbox.lower_bound(from); row != store_.outbox.end(); ++row) {
            if (!page.rows.empty() && bytes >= most_bytes) {
                page.is_last = false;
                break;
            }
            bytes += row->second.payload.size();
            page.rows.push_back({row->first, row->second});
        }
        return page;
    }
    void delete_outbox(const TopicPartition&, const std::vector<std::int64_t>& ids) override {
        for (const auto id : ids) store_.outbox.erase(id);
    }
    void bury_outbox(const TopicPartition&, std::int64_t id, const std::string& reason) override {
        store_.outbox_dead[id] = reason;
        store_.outbox.erase(id);
    }
    int mark_try(const TopicPartition&, std::int64_t offset) override {
        store_.tries = store_.trying_offset == offset ? store_.tries + 1 : 1;
        store_.trying_offset = offset;
        return store_.tries;
    }
    void forget_try(const TopicPartition&, std::int64_t offset, int tries) override {
        if (store_.trying_offset != offset || store_.tries != tries) return;
        store_.tries = tries - 1;
        if (store_.tries == 0) store_.trying_offset.reset();
    }
    std::int64_t last_resume() override { return store_.last_resume; }
    void quarantine(domain::UnitOfWork& work, const Message& message,
                    const std::string& reason) override {
        transaction(work).changes.push_back(
            [id = std::string(message.header(event_id_header)), reason](MemoryStore& store) {
                store.quarantine.emplace_back(id, reason);
            });
    }
    bool is_connected() override { return true; }

private:
    /// The late commit holds the row's lock, so who wants to begin waits for its end.
    void do_late_commit() {
        for (const auto& change : std::exchange(late_, {})) change(store_);
    }

    MemoryStore& store_;
    std::vector<std::function<void(MemoryStore&)>> late_;
};

/// Keeps what is sent; the test says what became of it. What is delivered gets its number in `sent`
/// as its offset.
class HeldProducer final : public Producer {
public:
    void send(OutgoingMessage message, OnDelivery on_delivery) override {
        sent.push_back(message.event_id);
        reports.push_back(std::move(on_delivery));
        if (during_send) during_send(reports.size() - 1);
    }
    Flush flush(std::chrono::milliseconds) override { return Flush::all_reported; }
    bool is_connected() override { return true; }
    void report(std::size_t which, Delivery outcome) {
        reports.at(which)({outcome, 0, static_cast<std::int64_t>(which), "reason"});
    }

    std::vector<std::string> sent;
    std::vector<OnDelivery> reports;
    std::function<void(std::size_t)> during_send;
};

/// A state of the deployment that somebody must mend.
inline domain::DeploymentFailure key_is_missing() {
    return {domain::waiting_for::seal_key, "key 2 is missing", "put it there"};
}

/// Adds the payloads up and announces each message. A payload "poison" can never be applied, one
/// "sealed" only with the key.
class AddingStage final : public Stage {
public:
    Applied apply(StageContext& context, std::span<const Message> batch, Outbox& outbox) override {
        batches.push_back(batch.size());
        std::int64_t sum = 0;
        for (const auto& message : batch) {
            if (message.payload == "poison") throw domain::PermanentFailure("poison");
            if (message.payload == "sealed" && !has_key) throw key_is_missing();
            if (message.payload == "sealed") continue;
            sum += std::stoll(message.payload);
            outbox.publish(
                {"out", 0, "", std::string(message.header(event_id_header)), {}, message.payload});
        }
        transaction(context.work).changes.push_back([sum](MemoryStore& store) {
            store.sum += sum;
        });
        if (during_apply) during_apply();
        return std::exchange(answer, Applied::done);
    }
    bool wants_upkeep(std::int32_t, domain::Instant) override { return upkeep_left > 0; }
    void upkeep(StageContext& context, Outbox& outbox) override {
        if (!has_key) throw key_is_missing();
        --upkeep_left;
        if (announces_upkeep) outbox.publish({"out", 0, "", "upkeep", {}, "1"});
        transaction(context.work).changes.push_back([](MemoryStore& store) { store.sum += 1; });
    }

    /// Sizes of the batches that were tried.
    std::vector<std::size_t> batches;
    std::function<void()> during_apply;
    /// The answer of the next call.
    Applied answer = Applied::done;
    int upkeep_left = 0;
    bool announces_upkeep = false;
    bool has_key = true;
};

class StillClock final : public Clock {
public:
    domain::Instant now() const override { return {}; }
};

}  // namespace chaiqin::runtime::testing
