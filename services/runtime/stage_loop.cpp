// The half of StageLoop in the consumer's thread: assignment, queues, readiness, drain.
#include "runtime/stage_loop.hpp"

#include <algorithm>

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/stage_loop_state.hpp"

namespace chaiqin::runtime {

using namespace std::chrono_literals;

StageLoop::StageLoop(StageSettings settings, Stage& stage, Consumer& consumer, Producer& producer,
                     const Clock& clock, MakeLedger make_ledger)
    : settings_(std::move(settings)),
      stage_(stage),
      consumer_(consumer),
      producer_(producer),
      clock_(clock),
      make_ledger_(std::move(make_ledger)),
      own_ledger_(make_ledger_()),
      arrivals_(std::make_unique<Arrivals>()) {}

StageLoop::~StageLoop() {
    stop_threads();
    consumer_.close();  // its callbacks must not outlive us
}

bool StageLoop::is_ready() const {
    return joined_ && database_ok_ && steady_ms() - polled_at_ms_ < 10'000;
}

// --- the consumer's thread
// -------------------------------------------------------------------------------------

void StageLoop::run(const std::function<bool()>& stopping) {
    stopping_ = stopping;
    start_threads();
    consumer_.subscribe(
        settings_.topics, [this](const auto& partitions) { return assigned(partitions); },
        [this](const auto& partitions) { revoked(partitions); });
    log_info("stage started", {{"stage", settings_.stage}});
    while (!stopping()) {
        serve_consumer();
        std::lock_guard lock(mutex_);
        if (failure_) break;
    }
    drain();
    if (failure_) std::rethrow_exception(failure_);
    log_info("stage drained", {{"stage", settings_.stage}});
}

void StageLoop::start_threads() {
    for (int number = 0; number < settings_.workers; ++number) {
        auto worker = std::make_unique<Worker>();
        worker->number = number;
        worker->ledger = make_ledger_();
        worker->thread = std::thread([this, w = worker.get()] { work_until_stopped(*w); });
        workers_.push_back(std::move(worker));
    }
    if (settings_.trim) trimmer_ = std::thread([this] { trim_hourly(); });
}

void StageLoop::stop_threads() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_->notify_all();
    for (auto& worker : workers_)
        if (worker->thread.joinable()) worker->thread.join();
    if (trimmer_.joinable()) trimmer_.join();
}

void StageLoop::serve_consumer() {
    polled_at_ms_ = steady_ms();
    serve_seeks();
    if (Steady::now() - last_metrics_ > 1s) publish_metrics();
    if (overfull()) return;
    if (auto message = consumer_.poll(100ms)) enqueue(std::move(*message));
}

void StageLoop::serve_seeks() {
    std::map<TopicPartition, std::int64_t> seeks;
    {
        std::lock_guard lock(mutex_);
        seeks.swap(seeks_);
        std::erase_if(seeks,
                      [this](const auto& seek) { return !partitions_.contains(seek.first); });
    }
    for (const auto& [at, offset] : seeks) {
        try {
            consumer_.seek(at, offset);
        } catch (const domain::TransientFailure& failure) {
            log_warn("seek failed; trying again", {{"reason", failure.what()}});
            std::lock_guard lock(mutex_);
            seeks_.emplace(at, offset);
        }
    }
}

/// While too much is queued Kafka is not asked; after a long time it is, with fetching paused, so
/// that the group does not take the process for dead. (Pausing throws away what was fetched: not
/// for every moment.)
bool StageLoop::overfull() {
    std::unique_lock lock(mutex_);
    if (queued_bytes_ < settings_.queued_bytes) {
        full_since_ = {};
        if (paused_) {
            paused_ = false;
            lock.unlock();
            consumer_.pause(false);
        }
        return false;
    }
    if (full_since_ == Steady::time_point{}) full_since_ = Steady::now();
    if (Steady::now() - full_since_ > 30s) {
        lock.unlock();
        if (!paused_) consumer_.pause(true);
        paused_ = true;
        if (auto message = consumer_.poll(100ms)) enqueue(std::move(*message));
        return true;
    }
    changed_->wait_for(lock, 50ms, [&] { return queued_bytes_ < settings_.queued_bytes; });
    return true;
}

void StageLoop::enqueue(Message message) {
    std::lock_guard lock(mutex_);
    const auto found = partitions_.find({message.topic, message.partition});
    if (found == partitions_.end()) return;
    arrivals_->arrived(Steady::now());
    queued_bytes_ += message.payload.size();
    found->second->queue.push_back(std::move(message));
    changed_->notify_all();
}

Progress StageLoop::take_over_patiently(const TopicPartition& at) {
    int failures = 0;
    const auto deadline = Steady::now() + 200s;
    for (;;) {
        try {
            return own_ledger_->take_over(at);
        } catch (const domain::TransientFailure& failure) {
            if (Steady::now() > deadline || stopping_()) throw;
            back_off(failures, "cannot read progress on assignment", failure.what());
        }
    }
}

std::vector<std::pair<TopicPartition, std::int64_t>> StageLoop::assigned(
    const std::vector<TopicPartition>& partitions) {
    std::vector<std::pair<TopicPartition, std::int64_t>> starts;
    for (const auto& at : partitions) {
        const auto progress = take_over_patiently(at);
        auto partition = std::make_shared<Partition>(settings_.gather, *arrivals_);
        partition->at = at;
        partition->worker = at.partition % settings_.workers;
        partition->next_offset = progress.next_offset;
        partition->alone = progress.trying_offset ? settings_.batch_messages : 0;
        partition->relay = std::make_shared<Relay>(producer_, relay_bytes_,
                                                   [changed = changed_] { changed->notify_all(); });
        starts.emplace_back(at, progress.next_offset);
        std::lock_guard lock(mutex_);
        auto& place = partitions_[at];
        if (place)
            for (const auto& message : place->queue) queued_bytes_ -= message.payload.size();
        place = std::move(partition);
        paused_ = false;  // a new assignment is fetched
    }
    joined_ = true;
    log_info("partitions assigned", {{"stage", settings_.stage}, {"count", partitions.size()}});
    changed_->notify_all();
    return starts;
}

void StageLoop::revoked(const std::vector<TopicPartition>& partitions) {
    std::vector<PartitionPtr> quiet;
    {
        std::unique_lock lock(mutex_);
        std::vector<PartitionPtr> mine;
        for (const auto& at : partitions) {
            const auto found = partitions_.find(at);
            if (found == partitions_.end()) continue;
            found->second->owned = false;
            for (const auto& message : found->second->queue)
                queued_bytes_ -= message.payload.size();
            found->second->queue.clear();
            mine.push_back(found->second);
            partitions_.erase(found);
        }
        const auto deadline = Steady::now() + 3s;
        for (const auto& partition : mine)
            if (changed_->wait_until(lock, deadline, [&] { return !partition->busy; }))
                quiet.push_back(partition);
        if (failure_) quiet.clear();
    }
    give_up(quiet);
    log_info("partitions revoked", {{"stage", settings_.stage}, {"count", partitions.size()}});
}

/// What was handed back untried leaves no mark. If PostgreSQL is away the mark stays: the next
/// owner is careful.
void StageLoop::give_up(const std::vector<PartitionPtr>& partitions) {
    try {
        for (const auto& partition : partitions)
            if (!partition->committed) own_ledger_->give_up(partition->at);
    } catch (const domain::TransientFailure& failure) {
        log_debug("marks stay", {{"reason", failure.what()}});
    }
}

void StageLoop::publish_metrics() {
    last_metrics_ = Steady::now();
    if (steady_ms() - committed_at_ms_ > 2'000) database_ok_ = own_ledger_->is_connected();
    std::vector<PartitionPtr> all;
    {
        std::lock_guard lock(mutex_);
        for (const auto& [at, partition] : partitions_) all.push_back(partition);
    }
    std::map<std::string, std::int64_t> lag;
    double oldest = 0;
    std::vector<std::pair<TopicPartition, std::int64_t>> hints;
    for (const auto& partition : all) {
        const auto next = partition->next_offset.load();
        const auto end = consumer_.known_end(partition->at);
        lag[partition->at.topic] += end > next ? end - next : 0;
        oldest = std::max(oldest, partition->relay->oldest_seconds());
        if (next != partition->hinted) hints.emplace_back(partition->at, next);
        partition->hinted = next;
    }
    if (!hints.empty()) consumer_.commit_hints(hints);
    for (const auto& [topic, messages] : lag)
        metrics().set("chaiqin_stage_lag_messages", static_cast<double>(messages), topic);
    metrics().set("chaiqin_outbox_oldest_seconds", oldest);
}

void StageLoop::drain() {
    stop_threads();
    if (!producer_.flush(settings_.drain))
        log_warn("drain: not everything was delivered in time; the next owner sends it",
                 {{"stage", settings_.stage}});
    delete_delivered();
    consumer_.close();
}

void StageLoop::delete_delivered() {
    try {
        for (const auto& [at, partition] : partitions_)
            if (const auto ids = partition->relay->deletable(); !ids.empty())
                own_ledger_->delete_outbox(at, ids);
    } catch (const domain::TransientFailure& failure) {
        log_warn("drain: delivered rows stay in the outbox and will be sent again",
                 {{"reason", failure.what()}});
    }
}

void StageLoop::trim_hourly() {
    std::unique_lock lock(mutex_);
    while (!changed_->wait_for(lock, 1h, [this] { return stop_; })) {
        std::vector<std::pair<TopicPartition, std::int64_t>> stands;
        for (const auto& [at, partition] : partitions_)
            stands.emplace_back(at, partition->next_offset);
        lock.unlock();
        try {
            settings_.trim(stands);
        } catch (const std::exception& failure) {
            log_warn("topics are not trimmed; trying again in an hour",
                     {{"reason", failure.what()}});
        }
        lock.lock();
    }
}

}  // namespace chaiqin::runtime
