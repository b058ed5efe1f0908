// The workers' half of StageLoop: a batch from its first statement to the relay of what it
// announced.
#include <algorithm>
#include <random>
#include <set>

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/stage_loop_state.hpp"

namespace chaiqin::runtime {

using namespace std::chrono_literals;

bool StageLoop::back_off(int& failures, const char* what, const std::string& reason) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    if (failures == 0) log_warn(what, {{"stage", settings_.stage}, {"reason", reason}});
    metrics().add("chaiqin_stage_failures_total", 1, "transient");
    database_ok_ = false;
    failures = std::min(failures + 1, 7);
    const int most = 25 << failures;
    const auto pause = std::chrono::milliseconds(
        most / 2 + static_cast<int>(random() % static_cast<unsigned>(most / 2 + 1)));
    std::unique_lock lock(mutex_);
    changed_->wait_for(lock, pause, [&] { return stop_; });
    return !stop_;
}

void StageLoop::work_until_stopped(Worker& worker) {
    try {
        work(worker);
    } catch (...) {
        // Not foreseen: the process ends without a commit of this batch, as if it had died in it.
        std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        stop_ = true;
        changed_->notify_all();
    }
}

void StageLoop::work(Worker& worker) {
    for (;;) {
        auto partition = next_with_messages(worker);
        if (!partition) return;
        auto batch = take_batch(*partition);
        if (!batch.empty()) apply_patiently(worker, *partition, std::move(batch));
        look_after(worker, *partition);
        {
            std::lock_guard lock(mutex_);
            partition->busy = false;
        }
        changed_->notify_all();
    }
}

/// Waits for a partition with messages or one whose upkeep is due; nothing when the loop stops.
StageLoop::PartitionPtr StageLoop::next_with_messages(Worker& worker) {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (stop_) return nullptr;
        std::vector<PartitionPtr> mine;
        auto until = Steady::now() + 200ms;
        for (const auto& [at, partition] : partitions_)
            if (partition->worker == worker.number && partition->owned) mine.push_back(partition);
        for (std::size_t i = 0; i < mine.size(); ++i) {
            auto& partition = mine[(worker.turn + i) % mine.size()];
            const bool due = Steady::now() - partition->looked_after >= settings_.upkeep_every;
            if (!is_ripe(*partition) && !due) {
                until = std::min(until, Steady::now() + 50ms);
                if (!partition->queue.empty() && partition->gathering.until() > Steady::now())
                    until = std::min(until, partition->gathering.until());
                continue;
            }
            worker.turn = (worker.turn + i + 1) % mine.size();
            partition->busy = true;
            return partition;
        }
        changed_->wait_until(lock, until);
    }
}

/// Messages wait, may be committed, and have gathered long enough or fill a batch.
bool StageLoop::is_ripe(const Partition& partition) const {
    if (partition.queue.empty() || !has_room(partition)) return false;
    return partition.queue.size() >= settings_.batch_messages ||
           queued_bytes_ >= settings_.queued_bytes / 2 ||
           Steady::now() >= partition.gathering.until();
}

/// Nothing more is committed while what was committed cannot leave.
bool StageLoop::has_room(const Partition& partition) const {
    return *relay_bytes_ < settings_.relay_bytes && !partition.relay->is_behind();
}

std::vector<Message> StageLoop::take_batch(Partition& partition) {
    std::lock_guard lock(mutex_);
    std::vector<Message> batch;
    if (!is_ripe(partition)) return batch;  // its upkeep is due
    std::size_t bytes = 0;
    while (!partition.queue.empty() && batch.size() < settings_.batch_messages) {
        auto& front = partition.queue.front();
        if (!batch.empty() && bytes + front.payload.size() > settings_.batch_bytes) break;
        if (!batch.empty() && front.offset != batch.back().offset + 1)
            break;  // begin() will see the gap
        bytes += front.payload.size();
        queued_bytes_ -= front.payload.size();
        if (front.offset >= partition.next_offset) batch.push_back(std::move(front));
        partition.queue.pop_front();
    }
    partition.gathering.began(Steady::now(), batch.size());
    return batch;
}

void StageLoop::apply_patiently(Worker& worker, Partition& partition, std::vector<Message> batch) {
    int failures = 0;
    while (partition.owned && !batch.empty()) {
        try {
            if (partition.alone > 0) {
                // The first messages after a take-over go one by one, marked: whoever kills us is
                // found.
                for (auto& message : batch) {
                    partition.alone -= partition.alone > 0;
                    apply_alone(worker, partition, std::move(message));
                }
                return;
            }
            if (attempt(worker, partition, batch)) return;
        } catch (const domain::TransientFailure& failure) {
            if (!back_off(failures, "batch not committed; trying again", failure.what())) return;
        } catch (const domain::PermanentFailure& failure) {
            log_error("a batch fails for good; trying its messages one by one",
                      {{"reason", failure.what()},
                       {"topic", partition.at.topic},
                       {"partition", partition.at.partition}});
            partition.alone = batch.size();
        }
    }
}

void StageLoop::apply_alone(Worker& worker, Partition& partition, Message message) {
    int failures = 0;
    std::optional<int> tries;
    std::string reason = "the process has died while trying it";
    std::vector<Message> one;
    one.push_back(std::move(message));
    while (partition.owned && !one.empty()) {
        try {
            if (one.front().offset < partition.next_offset) return;
            if (!tries) tries = worker.ledger->mark_try(partition.at, one.front().offset);
            const bool done = *tries > settings_.max_tries
                                  ? quarantine(worker, partition, one, reason)
                                  : attempt(worker, partition, one);
            if (done) return;
        } catch (const domain::TransientFailure& failure) {
            if (!back_off(failures, "message not committed; trying again", failure.what())) return;
        } catch (const domain::PermanentFailure& failure) {
            metrics().add("chaiqin_stage_failures_total", 1, "permanent");
            reason = failure.what();
            tries.reset();
        }
    }
}

/// One try of a batch. false: the batch was cut or refilled by realign, try again.
bool StageLoop::attempt(Worker& worker, Partition& partition, std::vector<Message>& batch) {
    const auto begin = Steady::now();
    for (;;) {
        const auto next = batch.back().offset + 1;
        auto begun = worker.ledger->begin(partition.at, batch.front().offset, next);
        if (!begun) return realign(worker, partition, batch);
        std::vector<std::string> ids;
        for (const auto& message : batch) ids.emplace_back(message.header(event_id_header));
        if (std::find(ids.begin(), ids.end(), "") != ids.end())
            throw domain::PermanentFailure("a message without ce_id");
        const auto unapplied = worker.ledger->unapplied(*begun->work, ids);
        std::set<std::string_view> wanted(unapplied.begin(), unapplied.end());
        std::vector<Message> some;
        if (wanted.size() < batch.size())
            for (const auto& message : batch)
                if (wanted.erase(message.header(event_id_header))) some.push_back(message);
        const std::span<const Message> fresh = unapplied.size() < batch.size()
                                                   ? std::span<const Message>(some)
                                                   : std::span<const Message>(batch);
        Outbox outbox;
        if (!fresh.empty()) {
            StageContext context{*begun->work, partition.at.partition, begun->change_no,
                                 clock_.now()};
            if (stage_.apply(context, fresh, outbox) == Applied::decide_again) continue;
        }
        settle(worker, partition, std::move(*begun), outbox);
        partition.next_offset = next;
        partition.committed = true;
        metrics().add("chaiqin_stage_messages_total", static_cast<double>(fresh.size()), "applied");
        metrics().add("chaiqin_stage_messages_total",
                      static_cast<double>(batch.size() - fresh.size()), "repeated");
        metrics().observe("chaiqin_stage_batch_seconds",
                          std::chrono::duration<double>(Steady::now() - begin).count());
        return true;
    }
}

/// Outbox, delivered rows out, commit, relay.
void StageLoop::settle(Worker& worker, Partition& partition, BegunBatch begun, Outbox& outbox) {
    const auto ids = worker.ledger->append_outbox(*begun.work, partition.at, outbox);
    const auto delivered = partition.relay->deletable();
    if (!delivered.empty()) worker.ledger->delete_outbox(*begun.work, partition.at, delivered);
    worker.ledger->commit(std::move(begun));
    database_ok_ = true;
    committed_at_ms_ = steady_ms();
    if (!delivered.empty()) partition.relay->deleted(delivered);
    std::vector<OutboxRow> rows;
    auto messages = outbox.take();
    for (std::size_t i = 0; i < ids.size(); ++i) rows.push_back({ids[i], std::move(messages[i])});
    partition.relay->add(std::move(rows));
    stage_.committed(partition.at.partition);
}

/// The row does not stand where we thought: our own commit went through unseen, another owner has
/// been here, or offsets were skipped. Drops what is done; asks for a seek if there is a gap.
bool StageLoop::realign(Worker& worker, Partition& partition, std::vector<Message>& batch) {
    const auto progress = worker.ledger->read(partition.at);
    metrics().add("chaiqin_stage_failures_total", 1, "lost_ownership");
    partition.next_offset = progress.next_offset;
    partition.relay->read_again();
    partition.looked_after = {};
    std::erase_if(batch,
                  [&](const Message& message) { return message.offset < progress.next_offset; });
    if (batch.empty()) return true;
    if (batch.front().offset == progress.next_offset) return false;
    log_warn("offsets were skipped; seeking to the stored one",
             {{"topic", partition.at.topic},
              {"partition", partition.at.partition},
              {"offset", progress.next_offset}});
    batch.clear();
    std::lock_guard lock(mutex_);
    for (const auto& message : partition.queue) queued_bytes_ -= message.payload.size();
    partition.queue.clear();
    seeks_[partition.at] = progress.next_offset;
    return true;
}

bool StageLoop::quarantine(Worker& worker, Partition& partition, std::vector<Message>& one,
                           const std::string& reason) {
    const auto& message = one.front();
    auto begun = worker.ledger->begin(partition.at, message.offset, message.offset + 1);
    if (!begun) return realign(worker, partition, one);
    worker.ledger->quarantine(*begun->work, message, reason);
    Outbox outbox;
    outbox.publish({settings_.quarantine_topic, 0, message.key,
                    std::string(message.header(event_id_header)), message.headers,
                    message.payload});
    settle(worker, partition, std::move(*begun), outbox);
    partition.next_offset = message.offset + 1;
    partition.committed = true;
    metrics().add("chaiqin_quarantined_total");
    metrics().add("chaiqin_stage_messages_total", 1, "quarantined");
    log_error("message quarantined", {{"topic", message.topic},
                                      {"partition", message.partition},
                                      {"offset", message.offset},
                                      {"event_id", message.header(event_id_header)},
                                      {"reason", reason}});
    return true;
}

/// After each batch and every so often: the stage's own upkeep, rows delivered or refused, reading
/// the outbox again.
void StageLoop::look_after(Worker& worker, Partition& partition) {
    partition.looked_after = Steady::now();
    if (!partition.owned) return;
    try {
        read_outbox(worker, partition);
        // A piece was done: the next one is due as soon as the other partitions had their turn.
        if (do_upkeep(worker, partition)) partition.looked_after = {};
        tidy_outbox(worker, partition);
    } catch (const domain::TransientFailure& failure) {
        metrics().add("chaiqin_stage_failures_total", 1, "transient");
        database_ok_ = false;
        log_debug("upkeep put off", {{"reason", failure.what()}});
    } catch (const domain::PermanentFailure& failure) {
        metrics().add("chaiqin_stage_failures_total", 1, "permanent");
        log_error("upkeep failed",
                  {{"reason", failure.what()}, {"partition", partition.at.partition}});
    }
}

bool StageLoop::do_upkeep(Worker& worker, Partition& partition) {
    if (partition.relay->is_behind() || !stage_.wants_upkeep(partition.at.partition, clock_.now()))
        return false;
    auto begun = worker.ledger->begin_upkeep(partition.at, partition.next_offset);
    if (!begun) return false;
    Outbox outbox;
    StageContext context{*begun->work, partition.at.partition, begun->change_no, clock_.now()};
    stage_.upkeep(context, outbox);
    settle(worker, partition, std::move(*begun), outbox);
    return true;
}

void StageLoop::read_outbox(Worker& worker, Partition& partition) {
    while (partition.relay->wants_rows() && *relay_bytes_ < settings_.relay_bytes) {
        auto [rows, complete] = worker.ledger->read_outbox(
            partition.at, partition.relay->read_from(), settings_.relay_bytes / 4);
        partition.relay->take_rows(std::move(rows), complete);
    }
}

void StageLoop::tidy_outbox(Worker& worker, Partition& partition) {
    for (const auto& [id, reason] : partition.relay->refused()) {
        worker.ledger->bury_outbox(partition.at, id, reason);
        partition.relay->deleted({id});
        metrics().add("chaiqin_outbox_dead_total");
        log_error("the broker refuses a message for good; moved to outbox_dead",
                  {{"id", id}, {"reason", reason}});
    }
    // Delivered rows go with the next batch; only when none comes in a transaction of their own.
    if (Steady::now() - partition.tidied < 500ms) return;
    const auto ids = partition.relay->deletable();
    if (ids.empty()) return;
    partition.tidied = Steady::now();
    worker.ledger->delete_outbox(partition.at, ids);
    partition.relay->deleted(ids);
}

}  // namespace chaiqin::runtime
