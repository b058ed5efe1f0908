#pragma once
// How much has come from Kafka and waits, over all partitions of one stage loop, and whether to ask
// for more. Inflow is filled by the consumer's thread, emptied by the workers and asked by both; it
// is thread-safe. FetchGate belongs to the consumer's thread.
#include <atomic>
#include <cstddef>
#include <mutex>
#include <utility>

#include "runtime/gathering.hpp"

namespace chaiqin::runtime {

/// Bytes that wait in the queues of all partitions, and how fast messages arrive.
class Inflow {
public:
    explicit Inflow(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    void arrived(std::size_t bytes, Steady::time_point now) {
        bytes_ += bytes;
        std::lock_guard lock(mutex_);
        arrivals_.arrived(now);
    }
    void left(std::size_t bytes) { bytes_ -= bytes; }
    bool is_full() const { return bytes_ >= most_bytes_; }
    bool is_half_full() const { return bytes_ >= most_bytes_ / 2; }
    Arrivals arrivals() const {
        std::lock_guard lock(mutex_);
        return arrivals_;
    }

private:
    const std::size_t most_bytes_;
    std::atomic<std::size_t> bytes_{0};
    mutable std::mutex mutex_;
    Arrivals arrivals_;
};

/// Whether the consumer's thread asks Kafka now. While the queues are full it does not; after 30 s
/// it asks with fetching paused, so that the group does not take the process for dead. (Pausing
/// throws away what was fetched, so it is not done for every moment.)
class FetchGate {
public:
    enum class Turn { poll, wait_for_room, pause_and_poll, resume_and_poll };

    Turn next(bool is_full, Steady::time_point now) {
        if (!is_full) {
            full_since_ = {};
            return std::exchange(is_paused_, false) ? Turn::resume_and_poll : Turn::poll;
        }
        if (full_since_ == Steady::time_point{}) full_since_ = now;
        if (now - full_since_ <= most_silence) return Turn::wait_for_room;
        return std::exchange(is_paused_, true) ? Turn::poll : Turn::pause_and_poll;
    }
    /// A new assignment is fetched, whatever was paused before.
    void partitions_assigned() { is_paused_ = false; }

private:
    static constexpr std::chrono::seconds most_silence{30};
    Steady::time_point full_since_{};
    bool is_paused_ = false;
};

}  // namespace chaiqin::runtime
