#pragma once
// The way of one partition's committed outbox rows to Kafka: in order, and deleted from the outbox
// only after the stages that read them have committed. So the outbox holds what is under way, and
// sends it again when the broker has lost it or the readers were set back. The producer alone holds
// a payload; after a failed delivery, and when a partition is taken over, the rows are read again
// from the outbox, from the lowest one that is not delivered.
// Threads: the partition's worker calls everything but oldest_seconds(), which the consumer's
// thread asks; after the workers have ended, the consumer's thread drains. Delivery reports come
// from the producer's thread, also when the partition is gone already (hence shared_ptr). A lock of
// its own.
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/clock.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::runtime {

/// Payload that was handed to the producer and is not reported yet, over all partitions of a loop.
/// Shared, because reports may come after the loop is gone. Thread-safe.
struct InFlight {
    explicit InFlight(std::size_t most) : most_bytes(most) {}
    bool has_room() const { return bytes < most_bytes; }
    const std::size_t most_bytes;
    std::atomic<std::size_t> bytes{0};
};

class Relay : public std::enable_shared_from_this<Relay> {
public:
    /// `on_progress` is called after each report.
    Relay(TopicPartition at, Producer& producer, std::shared_ptr<InFlight> in_flight,
          SteadyNow steady_now, std::function<void()> on_progress);

    /// Rows just committed: sent at once, or left to a later reading while older rows wait in the
    /// outbox.
    void send_committed(std::vector<OutboxRow> rows);

    /// Rows wait in the outbox (at the start, after a failure): nothing newer is sent before them.
    bool is_behind() const;
    /// More may be committed: what was committed before can leave.
    bool has_room() const { return in_flight_->has_room() && !is_behind(); }
    /// Somebody else may have written to the outbox: read it again from the beginning.
    void expect_rows();
    /// Sends what waits in the outbox, if its turn has come: nothing of this partition is in
    /// flight, the pause after a failure is over and the producer has room.
    void read_outbox(StageLedger& ledger);

    /// The topics of rows that are delivered and still in the outbox, in the order of their names.
    std::vector<std::string> delivered_topics() const;
    /// Of the rows delivered to these topics the ones that their readers are past; they stay listed
    /// until forget(). `consumed` tells of these topics alone: what was delivered to another one
    /// since then waits for the next time.
    std::vector<std::int64_t> finished(const std::vector<std::string>& topics,
                                       const Consumed& consumed) const;
    /// The rows are deleted from the outbox.
    void forget(const std::vector<std::int64_t>& ids);
    /// Deletes finished rows in transactions of its own; returns how many.
    std::size_t delete_finished(StageLedger& ledger);
    /// Moves rows that the broker refuses for good to the dead letters.
    void bury_refused(StageLedger& ledger);

    /// Age of the oldest row that is on its way or waits; 0 if there is none.
    double oldest_seconds() const;

private:
    enum class State { in_flight, delivered, refused };
    struct SentRow {
        State state = State::in_flight;
        std::size_t bytes = 0;
        Steady::time_point since;
        /// Where it was sent to, and its offset there once it is delivered.
        TopicPartition to;
        std::int64_t offset = -1;
        std::string reason;
    };
    bool wants_rows() const;
    std::int64_t read_from() const;
    void take_page(OutboxPage page);
    void send(std::vector<OutboxRow> rows);
    bool is_left_to_outbox(std::int64_t id, std::int64_t failed_before);
    void report(std::int64_t id, const Delivered& delivered);
    void not_delivered(std::int64_t id, const std::string& reason);
    std::vector<std::pair<std::int64_t, std::string>> refused() const;

    const TopicPartition at_;
    Producer& producer_;
    const std::shared_ptr<InFlight> in_flight_;
    const SteadyNow steady_now_;
    const std::function<void()> on_progress_;
    mutable std::mutex mutex_;
    std::map<std::int64_t, SentRow> rows_;
    std::size_t rows_in_flight_ = 0;
    bool is_behind_ = true;
    std::int64_t read_from_ = 0;
    /// All that there were, and those in a row.
    std::int64_t failed_deliveries_ = 0;
    int failures_ = 0;
    Steady::time_point behind_since_;
    Steady::time_point pause_until_{};
};

}  // namespace chaiqin::runtime
