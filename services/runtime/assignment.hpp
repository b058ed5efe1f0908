#pragma once
// The partitions that a stage loop owns now, and who is busy with which: the place where the
// consumer's thread, the workers and the trimming thread of one loop meet. Also their stop sign and
// alarm clock. Thread-safe; its lock is taken before a queue's or a relay's, never after.
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/owned_partition.hpp"
#include "runtime/partition_queue.hpp"

namespace chaiqin::runtime {

/// A partition with its queue and the worker that it belongs to for as long as it is owned.
struct AssignedPartition : OwnedPartition {
    AssignedPartition(TopicPartition at_partition, std::int64_t stored_offset,
                      std::shared_ptr<Relay> its_relay, const BatchLimits& limits, Inflow& inflow,
                      int its_worker)
        : OwnedPartition(std::move(at_partition), stored_offset, std::move(its_relay)),
          queue(limits, inflow),
          worker(its_worker) {}

    PartitionQueue queue;
    const int worker;
    /// Guarded by the assignment's lock.
    bool is_busy = false;
    /// The consumer's thread alone: the offset that Kafka was told last.
    std::int64_t hinted = -1;
};

using PartitionPtr = std::shared_ptr<AssignedPartition>;

class Assignment {
public:
    Assignment(int workers, std::chrono::milliseconds upkeep_every)
        : turns_(static_cast<std::size_t>(workers)), upkeep_every_(upkeep_every) {}

    // The consumer's thread.
    void add(PartitionPtr partition);
    /// Takes partitions away from their workers and waits at most so long for them; returns those
    /// that no worker has in hand any more.
    std::vector<PartitionPtr> take_away(const std::vector<TopicPartition>& partitions,
                                        std::chrono::milliseconds wait);
    /// Queues a message; one of a partition that is not owned any more is dropped.
    void push(Message message);
    /// Where to set the consumer back to, asked since the last call.
    std::map<TopicPartition, std::int64_t> take_seeks();
    /// Waits at most so long for a queue to get shorter.
    void wait_for_room(const Inflow& inflow, std::chrono::milliseconds wait);

    // The workers.
    /// Waits for a partition of this worker with a ripe batch or with upkeep due, each in its turn;
    /// null when the loop stops. It is busy until release().
    PartitionPtr next_for(int worker);
    void release(AssignedPartition& partition);
    /// The consumer is to be set back to this offset.
    void ask_seek(const TopicPartition& at, std::int64_t offset);

    // All threads.
    std::vector<PartitionPtr> all() const;
    /// Everybody waits no longer; workers end after the batch in hand.
    void stop();
    /// Stops for something nobody foresaw; the first one is kept.
    void fail(std::exception_ptr failure);
    bool is_stopping() const;
    std::exception_ptr failure() const;
    /// Sleeps, or until the loop stops.
    void sleep(std::chrono::milliseconds time);
    /// Called when something has changed that a waiting thread may want to see; may be called after
    /// the loop is gone.
    std::function<void()> alarm() const;

private:
    PartitionPtr due_partition(int worker);
    Steady::time_point next_look(int worker) const;
    std::vector<PartitionPtr> partitions_of(int worker) const;

    mutable std::mutex mutex_;
    /// Shared with delivery reports, which may come after us.
    const std::shared_ptr<std::condition_variable> changed_ =
        std::make_shared<std::condition_variable>();
    std::map<TopicPartition, PartitionPtr> partitions_;
    std::map<TopicPartition, std::int64_t> seeks_;
    /// Which of its partitions a worker looks at first.
    std::vector<std::size_t> turns_;
    const std::chrono::milliseconds upkeep_every_;
    bool stop_ = false;
    std::exception_ptr failure_;
};

}  // namespace chaiqin::runtime
