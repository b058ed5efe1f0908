#pragma once
// The one loop of the product: poll, batch, progress compare-and-set, set of applied ids, effects,
// outbox, relay, back-off, one-by-one retry, quarantine, take-over, upkeep, drain. A stage
// (runtime/stage) only decides.
//
// Threads: the caller of run() polls Kafka; `workers` threads apply batches, each partition always
// by the same worker with a ledger (database session) of its own. Memory is bounded by
// `queued_bytes` and `relay_bytes`.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/clock.hpp"
#include "runtime/ports.hpp"
#include "runtime/relay.hpp"

namespace chaiqin::runtime {

struct StageSettings {
    std::string stage;
    std::vector<std::string> topics;
    int workers = 2;
    std::size_t batch_messages = 50;
    std::size_t batch_bytes = 24u << 20;
    std::chrono::milliseconds gather{200};  ///< how long a busy partition's batch waits for more
    std::size_t queued_bytes = 48u << 20;   ///< fetched and not yet in a batch, all partitions
    std::size_t relay_bytes = 48u << 20;    ///< committed and not yet delivered, all partitions
    int max_tries = 5;
    std::string quarantine_topic{runtime::quarantine_topic};
    std::chrono::milliseconds upkeep_every{200};
    std::chrono::seconds drain{10};
    /// Called once an hour with where each owned partition stands, from a thread of its own: trims
    /// old records.
    std::function<void(const std::vector<std::pair<TopicPartition, std::int64_t>>&)> trim;
};

class Arrivals;

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
    /// within the last seconds.
    bool is_ready() const;

private:
    struct Partition;
    struct Worker;
    using PartitionPtr = std::shared_ptr<Partition>;

    std::vector<std::pair<TopicPartition, std::int64_t>> assigned(
        const std::vector<TopicPartition>& partitions);
    void revoked(const std::vector<TopicPartition>& partitions);
    Progress take_over_patiently(const TopicPartition& at);
    void enqueue(Message message);
    void start_threads();
    void serve_consumer();
    void serve_seeks();
    bool overfull();
    void publish_metrics();
    void drain();
    void give_up(const std::vector<PartitionPtr>& partitions);
    void delete_delivered();
    void stop_threads();
    void trim_hourly();

    void work(Worker& worker);
    void work_until_stopped(Worker& worker);
    PartitionPtr next_with_messages(Worker& worker);
    std::vector<Message> take_batch(Partition& partition);
    void apply_patiently(Worker& worker, Partition& partition, std::vector<Message> batch);
    void apply_alone(Worker& worker, Partition& partition, Message message);
    bool attempt(Worker& worker, Partition& partition, std::vector<Message>& batch);
    bool realign(Worker& worker, Partition& partition, std::vector<Message>& batch);
    void settle(Worker& worker, Partition& partition, BegunBatch begun, Outbox& outbox);
    bool quarantine(Worker& worker, Partition& partition, std::vector<Message>& one,
                    const std::string& reason);
    void look_after(Worker& worker, Partition& partition);
    bool do_upkeep(Worker& worker, Partition& partition);
    void read_outbox(Worker& worker, Partition& partition);
    void tidy_outbox(Worker& worker, Partition& partition);
    bool has_room(const Partition& partition) const;
    bool is_ripe(const Partition& partition) const;
    bool back_off(int& failures, const char* what, const std::string& reason);

    StageSettings settings_;
    Stage& stage_;
    Consumer& consumer_;
    Producer& producer_;
    const Clock& clock_;
    MakeLedger make_ledger_;
    std::unique_ptr<StageLedger> own_ledger_;

    mutable std::mutex mutex_;
    /// Shared with delivery reports, which may come after us.
    std::shared_ptr<std::condition_variable> changed_ = std::make_shared<std::condition_variable>();
    std::unique_ptr<Arrivals> arrivals_;  ///< older than the partitions that refer to it
    std::map<TopicPartition, PartitionPtr> partitions_;
    std::map<TopicPartition, std::int64_t> seeks_;
    std::size_t queued_bytes_ = 0;
    bool stop_ = false;
    std::exception_ptr failure_;  // what a worker could not handle
    std::function<bool()> stopping_;
    std::thread trimmer_;
    std::shared_ptr<std::atomic<std::size_t>> relay_bytes_ =
        std::make_shared<std::atomic<std::size_t>>(0);
    std::vector<std::unique_ptr<Worker>> workers_;
    std::chrono::steady_clock::time_point full_since_{}, last_metrics_{};
    bool paused_ = false;
    std::atomic<std::int64_t> polled_at_ms_{0}, committed_at_ms_{0};
    std::atomic<bool> database_ok_{false}, joined_{false};
};

}  // namespace chaiqin::runtime
