#pragma once
// Receipts between Kafka and PostgreSQL. A file that Kafka has taken is entered here by the
// producer's call-back and stored in groups; while PostgreSQL is away it waits in a bounded memory.
// `intake.progress` says for each partition of file.received below which offset every receipt is
// stored; at the start, and where a produce ended in doubt, the topic is read from there and what
// is missing is stored. Threads of its own; thread-safe.
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

/// Reads file.received of a partition from an offset to its end; calls back for each file with the
/// offset (the file is empty where a message is none of ours). Throws TransientFailure while the
/// broker is away.
using ReadTaken = std::function<void(
    std::int32_t partition, std::int64_t from,
    const std::function<void(std::optional<domain::TakenFile>, std::int64_t offset)>&)>;

struct ReceiptBookLimits {
    std::size_t most_waiting = 50'000;
    std::chrono::milliseconds doubt_settles_after{
        3'000};  ///< then the topic tells whether a produce got there
    std::chrono::milliseconds second_look_after{60'000};
    std::chrono::milliseconds last_try_within{1'000};  ///< at the end
};

class ReceiptBook final : public PendingReceipts {
public:
    ReceiptBook(const OpenIntakeStore& open, ReadTaken read_taken, DatabaseHealth& health,
                int partitions, ReceiptBookLimits limits = {});
    /// Tries to store what waits, for a while.
    ~ReceiptBook() override;

    /// A delivered file; `stored` is called once its receipt is committed.
    void enter(domain::TakenFile file, std::function<void()> stored);
    /// The offset below which the partition's receipts are stored; to be handed to `note_doubt`
    /// later.
    std::int64_t next_offset(std::int32_t partition) const;
    /// A produce that began when `next_offset` was `from` may have reached the topic: it is read
    /// again from there.
    void note_doubt(std::int32_t partition, std::int64_t from);

    std::optional<domain::Receipt> find(std::string_view submission_id) const override;
    /// Everything that was in the topic at the start has its receipt in PostgreSQL.
    bool is_caught_up() const { return caught_up_; }
    std::size_t waiting() const;

private:
    struct Waiting {
        domain::TakenFile file;
        std::function<void()> stored;
    };
    struct Partition {
        std::int64_t next_offset = 0;     ///< stored in intake.progress
        std::int64_t delivered = 0;       ///< one more than the highest offset heard of
        std::set<std::int64_t> unstored;  ///< offsets whose receipts wait
        std::optional<std::int64_t> read_from =
            0;  ///< must be read (again); progress stands still until then
        std::optional<std::int64_t>
            second_look;  ///< read once more: a stalled broker may append late
        std::chrono::steady_clock::time_point read_at{}, look_at{};
        bool is_being_read = false;
    };

    using Group = std::vector<domain::TakenFile>;

    void write();
    Group next_group() const;
    bool try_store(const Group& group);
    void store_one_by_one(const Group& group);
    std::map<std::int32_t, std::int64_t> progress_after(const Group& group) const;
    void forget(const Group& group, const std::map<std::int32_t, std::int64_t>& progress);
    void read();
    bool learn_progress();
    bool read_next();
    void read_again(std::int32_t partition, std::int64_t from);
    bool pause(std::chrono::milliseconds time);

    std::unique_ptr<domain::IntakeStore> store_, catch_up_store_;
    ReadTaken read_taken_;
    DatabaseHealth& health_;
    ReceiptBookLimits limits_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::unordered_map<std::string, Waiting> waiting_;  ///< by submission id
    std::deque<std::string> order_;  ///< as entered; only the writer takes from it
    std::vector<Partition> partitions_;
    std::atomic<bool> caught_up_{false};
    bool stopping_ = false;
    std::thread writer_, reader_;
};

}  // namespace chaiqin::gateway
