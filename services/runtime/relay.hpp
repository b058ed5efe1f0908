#pragma once
// The way of committed outbox rows of one partition to Kafka: in order, deleted from the outbox
// only after the delivery report. A payload is held by the producer alone; after a failed delivery,
// and at a take-over, the rows are read again from the outbox, from the lowest one not delivered.
// Owned by the partition's worker; delivery reports come from the producer's thread, also after the
// relay's partition is gone (hence shared_ptr).
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/ports.hpp"

namespace chaiqin::runtime {

class Relay : public std::enable_shared_from_this<Relay> {
public:
    /// `in_flight_bytes` is shared by all partitions; `on_progress` is called after each report.
    Relay(Producer& producer, std::shared_ptr<std::atomic<std::size_t>> in_flight_bytes,
          std::function<void()> on_progress)
        : producer_(producer),
          in_flight_bytes_(std::move(in_flight_bytes)),
          on_progress_(std::move(on_progress)) {}

    /// Rows just committed: sent at once, or left to a later reading while older rows wait in the
    /// outbox.
    void add(std::vector<OutboxRow> rows);

    /// Rows wait in the outbox (at the start, after a failure): nothing newer is sent before them.
    bool is_behind() const;
    /// Their turn has come: nothing is in flight and the pause after a failure is over.
    bool wants_rows() const;
    /// Where the reading begins.
    std::int64_t read_from() const;
    /// What was read there; those that are already sent are left out. `complete`: the outbox has no
    /// more.
    void take_rows(std::vector<OutboxRow> rows, bool complete);
    /// Somebody else may have written to the outbox: read it again from the beginning.
    void read_again();

    /// Ids delivered and not yet deleted; they stay listed until deleted() says so.
    std::vector<std::int64_t> deletable() const;
    /// Rows the broker refuses for good (id, reason): to be buried, then deleted().
    std::vector<std::pair<std::int64_t, std::string>> refused() const;
    void deleted(const std::vector<std::int64_t>& ids);
    double oldest_seconds() const;

private:
    enum class State { in_flight, delivered, refused };
    struct Entry {
        State state = State::in_flight;
        std::size_t bytes = 0;
        std::chrono::steady_clock::time_point since;
        std::string reason;
    };
    void send(std::vector<OutboxRow> rows);
    void report(std::int64_t id, const Delivered& delivered);

    Producer& producer_;
    std::shared_ptr<std::atomic<std::size_t>> in_flight_bytes_;
    std::function<void()> on_progress_;
    mutable std::mutex mutex_;
    std::map<std::int64_t, Entry> entries_;
    std::size_t in_flight_ = 0;
    bool behind_ = true;
    std::int64_t read_from_ = 0;
    int failures_ = 0;
    std::chrono::steady_clock::time_point behind_since_ = std::chrono::steady_clock::now(),
                                          pause_until_{};
};

}  // namespace chaiqin::runtime
