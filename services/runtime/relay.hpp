#pragma once
// The way of committed outbox rows of one partition to Kafka: in order, deleted only after the delivery report. On a
// failed delivery everything not yet delivered is sent again from the lowest row. Owned by the partition's worker;
// delivery reports come from the producer's thread.
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/ports.hpp"

namespace chaiqin::runtime {

class Relay : public std::enable_shared_from_this<Relay> {
public:
    Relay(Producer& producer, std::function<void()> on_progress)
        : producer_(producer), on_progress_(std::move(on_progress)) {}

    /// Rows that are already known are left out.
    void add(std::vector<OutboxRow> rows);
    /// Sends what waits; after a failure only when nothing is in flight and the pause is over.
    void pump();
    /// Ids delivered and not yet deleted; they stay listed until deleted() says so.
    std::vector<std::int64_t> deletable() const;
    void deleted(const std::vector<std::int64_t>& ids);
    /// Rows the broker refuses for good (id, reason): to be buried, then deleted().
    std::vector<std::pair<std::int64_t, std::string>> refused() const;
    std::size_t waiting_bytes() const;
    bool idle() const;  ///< nothing waits or is in flight
    double oldest_seconds() const;

private:
    enum class State { waiting, in_flight, delivered, refused };
    struct Entry {
        OutboxRow row;
        State state = State::waiting;
        std::chrono::steady_clock::time_point since;
        std::string reason;
    };
    void report(std::int64_t id, const Delivered& delivered);

    Producer& producer_;
    std::function<void()> on_progress_;
    mutable std::mutex mutex_;
    std::deque<Entry> entries_;
    std::size_t in_flight_ = 0;
    bool broken_ = false;
    int failures_ = 0;
    std::chrono::steady_clock::time_point pause_until_{};
};

}  // namespace chaiqin::runtime
