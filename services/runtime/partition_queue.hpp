#pragma once
// The messages of one partition that are fetched and not yet in a batch. The consumer's thread
// pushes, the partition's worker takes batches; a lock of its own guards the queue. What waits in
// it is counted in the Inflow of its loop. Offsets ascend, but may have gaps: a batch never spans
// one.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/gathering.hpp"
#include "runtime/inflow.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::runtime {

struct BatchLimits {
    std::size_t messages = 50;
    std::size_t bytes = 24u << 20;
    /// How long a busy partition's batch waits for more.
    std::chrono::milliseconds gather{200};
};

class PartitionQueue {
public:
    /// `inflow` outlives the queue.
    PartitionQueue(const BatchLimits& limits, Inflow& inflow);

    void push(Message message, Steady::time_point now);
    /// When the next batch may begin; nothing if no message waits. A full batch, or half of the
    /// memory for all queues, does not wait: then it is a time long past.
    std::optional<Steady::time_point> ripe_at() const;
    /// The next batch if it is ripe, else none: consecutive offsets, at most as many messages and
    /// bytes as the limits say, at least one. Messages below `next_offset` are done and left out.
    std::vector<Message> take_ripe(std::int64_t next_offset, Steady::time_point now);
    /// Forgets what waits.
    void clear();

private:
    std::optional<Steady::time_point> ripe_at_locked() const;

    const BatchLimits limits_;
    Inflow& inflow_;
    mutable std::mutex mutex_;
    std::deque<Message> messages_;
    Gathering gathering_;
};

}  // namespace chaiqin::runtime
