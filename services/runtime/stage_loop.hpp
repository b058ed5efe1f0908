#pragma once
// Joins one stage to Kafka and its ledger: the group's assignment, queues, workers, relay to Kafka,
// readiness, drain. A stage (runtime/stage) decides; BatchRunner knows what becomes of a batch.
//
// Threads:
//  - the consumer's thread is the caller of run(): it polls Kafka, answers assignments, fills the
//    queues, publishes lag and, at the end, drains;
//  - `workers` threads (StageWorker), which run batches; a partition stays with one of them for as
//    long as it is owned;
//  - one thread that trims the topics once an hour, if the settings say so;
//  - the producer's own thread, which reports deliveries to the relays.
// They meet in Assignment. Memory is bounded by `queued_bytes` and `relay_bytes`.
#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "domain/topics.hpp"
#include "runtime/assignment.hpp"
#include "runtime/batch_runner.hpp"
#include "runtime/event_mac.hpp"
#include "runtime/inflow.hpp"
#include "runtime/ports.hpp"
#include "runtime/stage_worker.hpp"

namespace chaiqin::runtime {

struct StageSettings {
    std::string stage;
    std::vector<std::string> topics;
    int workers = 2;
    /// With it the stage applies and sends only what has a good MAC where the topic has one.
    MakeMac make_mac;
    /// Called once an hour with where each owned partition stands: trims old records.
    std::function<void(const PartitionOffsets&)> trim;
    std::size_t batch_messages = 50;
    std::size_t batch_bytes = 24u << 20;
    /// How long a busy partition's batch waits for more.
    std::chrono::milliseconds gather{200};
    /// Fetched and not yet in a batch, over all partitions.
    std::size_t queued_bytes = 48u << 20;
    /// Committed and not yet delivered, over all partitions.
    std::size_t relay_bytes = 48u << 20;
    int max_tries = 5;
    std::string quarantine_topic{domain::topics::quarantine};
    std::chrono::milliseconds upkeep_every{200};
    std::chrono::seconds drain{10};
};

class StageLoop {
public:
    using MakeLedger = std::function<std::unique_ptr<StageLedger>()>;
    StageLoop(StageSettings settings, Stage& stage, Consumer& consumer, Producer& producer,
              const Clock& clock, MakeLedger make_ledger);
    ~StageLoop();
    /// Until `stopping` answers true; then drains. Throws PermanentFailure when a stored offset is
    /// out of range, and whatever a worker could not handle: the process then ends without a
    /// commit, and its mark is found.
    void run(const std::function<bool()>& stopping);
    /// The group has given it its partitions, the database answers, the consumer has been asked
    /// within the last seconds. Any thread.
    bool is_ready() const;

private:
    // The consumer's thread.
    PartitionOffsets assigned(const std::vector<TopicPartition>& partitions);
    void revoked(const std::vector<TopicPartition>& partitions);
    Progress take_over(const TopicPartition& at);
    PartitionPtr make_partition(const TopicPartition& at, const Progress& progress);
    void give_up(const std::vector<PartitionPtr>& partitions);
    void serve_consumer();
    void serve_seeks();
    void publish_progress();
    void start_threads();
    void stop_threads();
    void drain();
    void delete_finished();

    // The trimming thread.
    void trim_hourly();

    const StageSettings settings_;
    VerifyingStage verifying_;
    SigningProducer signing_;
    Stage& stage_;
    Consumer& consumer_;
    Producer& producer_;
    const Clock& clock_;
    const MakeLedger make_ledger_;

    Inflow inflow_;
    Assignment assignment_;
    DatabaseHealth health_;
    const std::shared_ptr<Breaker> breaker_ = std::make_shared<Breaker>();
    const std::shared_ptr<InFlight> in_flight_;
    std::vector<std::unique_ptr<StageWorker>> workers_;
    std::vector<std::thread> threads_;

    // The consumer's thread alone.
    const std::unique_ptr<StageLedger> ledger_;
    std::function<bool()> stopping_;
    FetchGate fetch_gate_;
    std::minstd_rand random_{std::random_device{}()};
    Steady::time_point published_at_{};

    // Written by the consumer's thread, read by is_ready().
    std::atomic<Steady::time_point> polled_at_{Steady::time_point{}};
    std::atomic<bool> has_joined_{false};
};

}  // namespace chaiqin::runtime
