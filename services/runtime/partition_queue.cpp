#include "runtime/partition_queue.hpp"

namespace chaiqin::runtime {

PartitionQueue::PartitionQueue(const BatchLimits& limits, Inflow& inflow)
    : limits_(limits), inflow_(inflow), gathering_(limits.gather) {}

void PartitionQueue::push(Message message, Steady::time_point now) {
    inflow_.arrived(message.payload.size(), now);
    std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
}

std::optional<Steady::time_point> PartitionQueue::ripe_at() const {
    std::lock_guard lock(mutex_);
    return ripe_at_locked();
}

std::optional<Steady::time_point> PartitionQueue::ripe_at_locked() const {
    if (messages_.empty()) return std::nullopt;
    if (messages_.size() >= limits_.messages || inflow_.is_half_full())
        return Steady::time_point::min();
    return gathering_.until(inflow_.arrivals());
}

std::vector<Message> PartitionQueue::take_ripe(std::int64_t next_offset, Steady::time_point now) {
    std::lock_guard lock(mutex_);
    std::vector<Message> batch;
    const auto ripe_at = ripe_at_locked();
    if (!ripe_at || *ripe_at > now) return batch;
    std::size_t bytes = 0;
    while (!messages_.empty() && batch.size() < limits_.messages) {
        auto& front = messages_.front();
        if (!batch.empty() && bytes + front.payload.size() > limits_.bytes) break;
        if (!batch.empty() && front.offset != batch.back().offset + 1) break;
        bytes += front.payload.size();
        inflow_.left(front.payload.size());
        if (front.offset >= next_offset) batch.push_back(std::move(front));
        messages_.pop_front();
    }
    gathering_.began(now, batch.size());
    return batch;
}

void PartitionQueue::clear() {
    std::lock_guard lock(mutex_);
    for (const auto& message : messages_) inflow_.left(message.payload.size());
    messages_.clear();
}

}  // namespace chaiqin::runtime
