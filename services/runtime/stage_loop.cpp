#include "runtime/stage_loop.hpp"

#include <algorithm>
#include <map>

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::runtime {

using namespace std::chrono_literals;

StageLoop::StageLoop(StageSettings settings, Stage& stage, Consumer& consumer, Producer& producer,
                     const Clock& clock, MakeLedger make_ledger)
    : settings_(std::move(settings)),
      verifying_(stage, settings_.make_mac),
      signing_(producer, settings_.make_mac),
      stage_(settings_.make_mac ? static_cast<Stage&>(verifying_) : stage),
      consumer_(consumer),
      producer_(settings_.make_mac ? static_cast<Producer&>(signing_) : producer),
      clock_(clock),
      make_ledger_(std::move(make_ledger)),
      inflow_(settings_.queued_bytes),
      assignment_(settings_.workers, settings_.upkeep_every),
      in_flight_(std::make_shared<InFlight>(settings_.relay_bytes)),
      ledger_(make_ledger_()) {}

StageLoop::~StageLoop() {
    stop_threads();
    consumer_.close();  // its callbacks must not outlive us
}

bool StageLoop::is_ready() const {
    return has_joined_ && health_.answers() && Steady::now() - polled_at_.load() < 10s;
}

void StageLoop::run(const std::function<bool()>& stopping) {
    stopping_ = stopping;
    start_threads();
    consumer_.subscribe(
        settings_.topics, [this](const auto& partitions) { return assigned(partitions); },
        [this](const auto& partitions) { revoked(partitions); });
    log_info("stage started", {{"stage", settings_.stage}});
    while (!stopping() && !assignment_.is_stopping()) serve_consumer();
    drain();
    if (const auto failure = assignment_.failure()) std::rethrow_exception(failure);
    log_info("stage drained", {{"stage", settings_.stage}});
}

void StageLoop::start_threads() {
    const RunnerSettings runner{settings_.stage, settings_.max_tries, settings_.quarantine_topic};
    for (int number = 0; number < settings_.workers; ++number) {
        workers_.push_back(std::make_unique<StageWorker>(number, runner, stage_, make_ledger_(),
                                                         health_, clock_, assignment_, breaker_));
        threads_.emplace_back([worker = workers_.back().get()] { worker->run(); });
    }
    if (settings_.trim) threads_.emplace_back([this] { trim_hourly(); });
}

void StageLoop::stop_threads() {
    assignment_.stop();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
}

void StageLoop::serve_consumer() {
    polled_at_ = Steady::now();
    serve_seeks();
    if (Steady::now() - published_at_ > 1s) publish_progress();
    switch (fetch_gate_.next(inflow_.is_full(), Steady::now())) {
        case FetchGate::Turn::wait_for_room:
            return assignment_.wait_for_room(inflow_, 50ms);
        case FetchGate::Turn::pause_and_poll:
            consumer_.pause();
            break;
        case FetchGate::Turn::resume_and_poll:
            consumer_.resume();
            break;
        case FetchGate::Turn::poll:
            break;
    }
    if (auto message = consumer_.poll(100ms)) assignment_.push(std::move(*message));
}

void StageLoop::serve_seeks() {
    for (const auto& [at, offset] : assignment_.take_seeks()) {
        try {
            consumer_.seek(at, offset);
        } catch (const domain::TransientFailure& failure) {
            log_warn("seek failed; trying again", {{"reason", failure.what()}});
            assignment_.ask_seek(at, offset);
        }
    }
}

PartitionOffsets StageLoop::assigned(const std::vector<TopicPartition>& partitions) {
    PartitionOffsets starts;
    for (const auto& at : partitions) {
        const auto progress = take_over(at);
        starts.emplace_back(at, progress.next_offset);
        assignment_.add(make_partition(at, progress));
    }
    fetch_gate_.partitions_assigned();
    has_joined_ = true;
    log_info("partitions assigned", {{"stage", settings_.stage}, {"count", partitions.size()}});
    return starts;
}

/// Tries for 200 s at most: the group waits for this answer.
Progress StageLoop::take_over(const TopicPartition& at) {
    BackOff back_off(random_);
    Wait wait;
    const auto deadline = Steady::now() + 200s;
    for (;;) {
        try {
            return ledger_->take_over(at);
        } catch (const domain::DeploymentFailure& failure) {
            wait.begin(failure);
            if (Steady::now() > deadline || stopping_()) throw;
            metrics().add("chaiqin_stage_failures_total", 1, "deployment");
            assignment_.sleep(back_off.after_failure());
        } catch (const domain::TransientFailure& failure) {
            if (Steady::now() > deadline || stopping_()) throw;
            if (back_off.is_fresh())
                log_warn("cannot read progress on assignment",
                         {{"stage", settings_.stage}, {"reason", failure.what()}});
            metrics().add("chaiqin_stage_failures_total", 1, "transient");
            health_.failed();
            assignment_.sleep(back_off.after_failure());
        }
    }
}

PartitionPtr StageLoop::make_partition(const TopicPartition& at, const Progress& progress) {
    auto relay =
        std::make_shared<Relay>(at, producer_, in_flight_, Steady::now, assignment_.alarm());
    const BatchLimits limits{settings_.batch_messages, settings_.batch_bytes, settings_.gather};
    auto partition =
        std::make_shared<AssignedPartition>(at, progress.next_offset, std::move(relay), limits,
                                            inflow_, at.partition % settings_.workers);
    // A process has died here before it committed anything: perhaps of one of the next messages.
    if (progress.trying_offset) partition->messages_to_try_alone = settings_.batch_messages;
    return partition;
}

void StageLoop::revoked(const std::vector<TopicPartition>& partitions) {
    give_up(assignment_.take_away(partitions, 3s));
    log_info("partitions revoked", {{"stage", settings_.stage}, {"count", partitions.size()}});
}

/// What was handed back untried leaves no mark. If PostgreSQL is away the mark stays: the next
/// owner is careful.
void StageLoop::give_up(const std::vector<PartitionPtr>& partitions) {
    try {
        for (const auto& partition : partitions)
            if (!partition->has_committed) ledger_->give_up(partition->at);
    } catch (const domain::TransientFailure& failure) {
        log_debug("marks stay", {{"reason", failure.what()}});
    }
}

/// Lag and the age of the oldest announcement as metrics, and progress as a hint to Kafka.
void StageLoop::publish_progress() {
    published_at_ = Steady::now();
    if (health_.is_old(published_at_)) health_.checked(ledger_->is_connected());
    std::map<std::string, std::int64_t> lag;
    double oldest = 0;
    PartitionOffsets hints;
    for (const auto& partition : assignment_.all()) {
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
    if (producer_.flush(settings_.drain) == Flush::time_is_up)
        log_warn("drain: not everything was delivered in time; the next owner sends it",
                 {{"stage", settings_.stage}});
    delete_finished();
    consumer_.close();
}

void StageLoop::delete_finished() {
    try {
        for (const auto& partition : assignment_.all()) partition->relay->delete_finished(*ledger_);
    } catch (const domain::TransientFailure& failure) {
        log_warn("drain: finished rows stay in the outbox and will be sent again",
                 {{"reason", failure.what()}});
    }
}

void StageLoop::trim_hourly() {
    for (;;) {
        assignment_.sleep(1h);
        if (assignment_.is_stopping()) return;
        PartitionOffsets stands;
        for (const auto& partition : assignment_.all())
            stands.emplace_back(partition->at, partition->next_offset);
        try {
            settings_.trim(stands);
        } catch (const std::exception& failure) {
            log_warn("topics are not trimmed; trying again in an hour",
                     {{"reason", failure.what()}});
        }
    }
}

}  // namespace chaiqin::runtime
