#pragma once
// Receipts between Kafka and PostgreSQL. When Kafka has taken a file, the producer's call-back
// enters its receipt here, and a thread stores the receipts in groups. While PostgreSQL is away
// they wait in a bounded memory. `intake.progress` says for each partition of file.received below
// which offset every receipt is stored. A second thread reads the topic from there and stores what
// is missing: at the start, and where it is in doubt whether a file got into the topic.
// Thread-safe.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "domain/intake_store.hpp"
#include "gateway/ingest/database_health.hpp"
#include "gateway/ingest/intake_desk.hpp"
#include "gateway/ingest/pending_receipts.hpp"

namespace chaiqin::gateway {

/// Reads a partition of file.received from an offset to its end and calls back for each message
/// with its offset. The file is empty if the message is none of ours. Throws TransientFailure while
/// the broker is away.
using ReadTaken = std::function<void(
    std::int32_t partition, std::int64_t from,
    const std::function<void(std::optional<domain::TakenFile>, std::int64_t offset)>&)>;

struct ReceiptBookLimits {
    std::size_t most_waiting = 50'000;
    /// After this time the topic tells whether a file in doubt got there.
    std::chrono::milliseconds doubt_settles_after{3'000};
    std::chrono::milliseconds second_look_after{60'000};
    /// How often the topic is read for what other gateways have left.
    std::chrono::milliseconds look_every{5'000};
    /// How long the destructor tries to store what waits.
    std::chrono::milliseconds last_try_within{1'000};
};

class ReceiptBook final : public PendingReceipts {
public:
    ReceiptBook(const OpenIntakeStore& open, ReadTaken read_taken, DatabaseHealth& health,
                int partitions, ReceiptBookLimits limits = {});
    /// Tries to store what waits, for a while.
    ~ReceiptBook() override;

    /// Takes a delivered file (Kafka's delivery thread). Calls `stored` from the writer once the
    /// receipt is committed.
    void enter(domain::TakenFile file, std::function<void()> stored);
    /// The offset below which the partition's receipts are stored; to be handed to `note_doubt`
    /// later.
    std::int64_t next_offset(std::int32_t partition) const;
    /// A produce that began when `next_offset` was `from` may have reached the topic: it is read
    /// again from there.
    void note_doubt(std::int32_t partition, std::int64_t from);

    std::optional<domain::Receipt> find(std::string_view submission_id) const override;
    /// Everything that was in the topic at the start has its receipt in PostgreSQL.
    bool is_caught_up() const override { return caught_up_; }
    std::size_t waiting() const;

private:
    struct Waiting {
        domain::TakenFile file;
        std::function<void()> stored;
    };
    struct Partition {
        /// As stored in intake.progress.
        std::int64_t next_offset = 0;
        /// Offsets from there on whose receipts this gateway has stored. What lies between is
        /// another gateway's, or in doubt, and is read from the topic.
        std::set<std::int64_t> stored;
        /// Where to read the topic again, if so. Progress stands still until that is done.
        std::optional<std::int64_t> read_from = 0;
        /// Where to read it once more, because a stalled broker may append late.
        std::optional<std::int64_t> second_look;
        std::chrono::steady_clock::time_point read_at{}, look_at{};
        bool is_being_read = false;
    };

    using Group = std::vector<domain::TakenFile>;

    static void move_to(Partition& partition, std::int64_t offset);

    void write();
    Group next_group() const;
    bool try_store(const Group& group);
    void store_one_by_one(const Group& group);
    std::map<std::int32_t, std::int64_t> progress_after(const Group& group) const;
    void forget(const Group& group, const std::map<std::int32_t, std::int64_t>& progress);
    void read();
    bool learn_progress();
    void look_again();
    bool read_next();
    void read_again(std::int32_t partition, std::int64_t from);
    bool pause(std::chrono::milliseconds time);

    std::unique_ptr<domain::IntakeStore> store_, catch_up_store_;
    ReadTaken read_taken_;
    DatabaseHealth& health_;
    ReceiptBookLimits limits_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    /// By submission id.
    std::unordered_map<std::string, Waiting> waiting_;
    /// Submission ids as entered; only the writer takes from it.
    std::deque<std::string> order_;
    std::vector<Partition> partitions_;
    std::atomic<bool> caught_up_{false};
    bool stopping_ = false;
    std::thread writer_, reader_;
};

}  // namespace chaiqin::gateway
