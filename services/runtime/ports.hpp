#pragma once
// What the stage loop needs from the outside: a consumer, a producer, a ledger. kafka/ and
// postgres/ implement them. The consumer belongs to one thread, the producer to all, a ledger to
// the worker that it was made for.
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/stage.hpp"

namespace chaiqin::runtime {

struct TopicPartition {
    std::string topic;
    std::int32_t partition = 0;
    auto operator<=>(const TopicPartition&) const = default;
};

/// An offset of each partition: where to start, or where it stands.
using PartitionOffsets = std::vector<std::pair<TopicPartition, std::int64_t>>;

/// Kafka's group membership and fetching. Used from one thread.
class Consumer {
public:
    virtual ~Consumer() = default;
    using Assigned = std::function<PartitionOffsets(const std::vector<TopicPartition>&)>;
    using Revoked = std::function<void(const std::vector<TopicPartition>&)>;
    /// `assigned` returns where to start each partition; both are called from poll.
    virtual void subscribe(const std::vector<std::string>& topics, Assigned assigned,
                           Revoked revoked) = 0;
    virtual std::optional<Message> poll(std::chrono::milliseconds wait) = 0;
    /// TransientFailure: not done, try again.
    virtual void seek(const TopicPartition& at, std::int64_t offset) = 0;
    /// Stops fetching all assigned partitions; what is fetched already is thrown away.
    virtual void pause() = 0;
    virtual void resume() = 0;
    /// A hint for lag displays; nothing rests on it.
    virtual void commit_hints(const PartitionOffsets& next_offsets) = 0;
    /// End of the partition as last heard of; -1 unknown.
    virtual std::int64_t known_end(const TopicPartition& at) = 0;
    virtual void close() = 0;
};

enum class Delivery {
    delivered,
    /// Too large, unknown topic …: repeating cannot help.
    refused_for_good,
    /// Certainly not in the broker's log.
    not_queued,
    /// Timed out: it may or may not be there.
    unknown,
};

struct Delivered {
    Delivery outcome = Delivery::unknown;
    /// Where it lies, if it was delivered.
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    std::string reason;
};

/// For each partition the offset below which every stage that reads it has committed. A partition
/// that no stage reads is not there.
using Consumed = std::map<TopicPartition, std::int64_t>;

enum class Flush { all_reported, time_is_up };

/// Idempotent, acks=all. Thread-safe.
class Producer {
public:
    virtual ~Producer() = default;
    using OnDelivery = std::function<void(const Delivered&)>;
    /// The payload is held until the report, without a copy. Called back once for each message,
    /// from the producer's own thread (or from within send when it was not queued).
    virtual void send(OutgoingMessage message, OnDelivery on_delivery) = 0;
    /// Waits at most so long until all sent messages have reported.
    virtual Flush flush(std::chrono::milliseconds wait) = 0;
    virtual bool is_connected() = 0;
};

/// One begun batch: progress has moved inside `work`.
struct BegunBatch {
    std::unique_ptr<domain::UnitOfWork> work;
    std::int64_t change_no = 0;
};

struct Progress {
    std::int64_t next_offset = 0, change_no = 0;
    /// The mark of an owner that has not committed since.
    std::optional<std::int64_t> trying_offset;
    /// How often that offset was tried alone.
    int tries = 0;
};

struct OutboxRow {
    std::int64_t id = 0;
    OutgoingMessage message;
};

/// Rows of the outbox in the order of their ids.
struct OutboxPage {
    std::vector<OutboxRow> rows;
    /// No row follows.
    bool is_last = true;
};

/// Progress, applied ids, outbox and quarantine of one stage in its schema. One ledger per
/// worker thread (a session each). Everything throws TransientFailure while PostgreSQL is away.
class StageLedger {
public:
    virtual ~StageLedger() = default;
    /// Reads the row after breaking the lock of a stalled owner, if one holds it, and leaves a mark
    /// in it (trying_offset) that the first commit takes away: a mark found here says that a
    /// process has died before that. DeploymentFailure: no such row, or the server would lose what
    /// it acknowledged.
    virtual Progress take_over(const TopicPartition& at) = 0;
    /// Takes the mark of take_over away without a commit: nothing was tried.
    virtual void give_up(const TopicPartition& at) = 0;
    /// Compare-and-set of next_offset from `first` to `next`; nothing if the row stands elsewhere
    /// (then read() says where).
    virtual std::optional<BegunBatch> begin(const TopicPartition& at, std::int64_t first,
                                            std::int64_t next) = 0;
    /// A transaction that moves nothing: the row is locked; nothing if it does not stand at
    /// `expected`.
    virtual std::optional<BegunBatch> begin_upkeep(const TopicPartition& at,
                                                   std::int64_t expected) = 0;
    virtual Progress read(const TopicPartition& at) = 0;
    /// Adds the ids to the set; returns those that were not in it.
    virtual std::vector<std::string> unapplied(domain::UnitOfWork& work,
                                               const std::vector<std::string>& event_ids) = 0;
    /// Whether a message comes from this store, or from none (the gateway has none). A message of
    /// an older store, from before the database was set back, says what may never have happened;
    /// what did happen is sent anew from the outbox.
    virtual bool is_of_this_store(const Message& message) = 0;
    /// Marks the messages as coming from this store, here and in read_outbox. Returns their ids.
    virtual std::vector<std::int64_t> append_outbox(domain::UnitOfWork& work,
                                                    const TopicPartition& at, Outbox& outbox) = 0;
    /// How far the readers of these topics are.
    virtual Consumed consumed(domain::UnitOfWork& work, const std::vector<std::string>& topics) = 0;
    virtual Consumed consumed(const std::vector<std::string>& topics) = 0;
    virtual void delete_outbox(domain::UnitOfWork& work, const TopicPartition& at,
                               const std::vector<std::int64_t>& ids) = 0;
    virtual void commit(BegunBatch batch) = 0;
    /// Rows from an id on, at most about so many bytes of payload, at least one if there is one.
    virtual OutboxPage read_outbox(const TopicPartition& at, std::int64_t from,
                                   std::size_t most_bytes) = 0;
    virtual void delete_outbox(const TopicPartition& at, const std::vector<std::int64_t>& ids) = 0;
    virtual void bury_outbox(const TopicPartition& at, std::int64_t id,
                             const std::string& reason) = 0;
    /// Notes, committed, that this offset is being tried alone; returns how often it has been.
    virtual int mark_try(const TopicPartition& at, std::int64_t offset) = 0;
    /// Takes back, committed, what the mark_try that returned `tries` has noted.
    virtual void forget_try(const TopicPartition& at, std::int64_t offset, int tries) = 0;
    /// Grows with each order to go on after a full quarantine.
    virtual std::int64_t last_resume() = 0;
    virtual void quarantine(domain::UnitOfWork& work, const Message& message,
                            const std::string& reason) = 0;
    virtual bool is_connected() = 0;
};

}  // namespace chaiqin::runtime
