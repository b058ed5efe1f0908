#pragma once
// What becomes of the batches of a partition: the compare-and-set of its progress, repeats left
// out, the stage's decision, outbox and commit; back-off while PostgreSQL is away, one message at a
// time where a batch fails for good, quarantine for the message that fails; and between batches the
// stage's upkeep and the outbox. For a state of the deployment that somebody must mend it waits
// (runtime/waits): no message is at fault.
// A runner owns no thread and reads no time of its own: its RunnerEnvironment is passed in, so that
// a test can drive it with a ledger in memory. One runner per worker, used by that worker's thread.
//
// What must hold: a message's effects are committed once, in the order of offsets, in one
// transaction with the progress; whoever finds the stored progress elsewhere than expected writes
// nothing.
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "domain/failure.hpp"
#include "runtime/back_off.hpp"
#include "runtime/breaker.hpp"
#include "runtime/clock.hpp"
#include "runtime/database_health.hpp"
#include "runtime/owned_partition.hpp"
#include "runtime/ports.hpp"
#include "runtime/waits.hpp"

namespace chaiqin::runtime {

struct RunnerSettings {
    std::string stage;
    /// So often a message is tried alone, over all processes, before it goes to quarantine.
    int max_tries = 5;
    std::string quarantine_topic;
};

/// What a runner gets from the thread that it runs in.
struct RunnerEnvironment {
    /// The time of decisions.
    const Clock& clock;
    SteadyNow steady_now;
    /// Sleeps; comes back early when the loop stops.
    std::function<void(std::chrono::milliseconds)> sleep;
    std::function<bool()> is_stopping;
    /// For the random part of back-off.
    std::minstd_rand random;
    /// Shared with the other runners of the stage.
    std::shared_ptr<Breaker> breaker = std::make_shared<Breaker>();
};

/// How the run of a batch ended.
enum class BatchEnd {
    /// Every message is committed, by us or by an owner before us, or in quarantine.
    finished,
    /// The partition was taken away or the loop stops: the next owner reads the rest again.
    left_to_next_owner,
    /// Offsets before the batch are missing: the partition is to be read again from its
    /// next_offset.
    gap,
};

enum class Upkeep { nothing_done, piece_done };

class BatchRunner {
public:
    /// Everything passed by reference outlives the runner.
    BatchRunner(RunnerSettings settings, Stage& stage, StageLedger& ledger, DatabaseHealth& health,
                RunnerEnvironment environment);

    /// Tries a batch of consecutive offsets until its end is known. Throws what is neither a
    /// transient nor a permanent failure: then nothing of the batch in hand is committed.
    BatchEnd run(OwnedPartition& partition, std::span<const Message> batch);
    /// Between batches: reads and tidies the outbox, and does one piece of the stage's upkeep. A
    /// failure is logged and counted; the next call tries again.
    Upkeep look_after(OwnedPartition& partition);

private:
    enum class Attempt {
        /// The messages are committed with their effects.
        committed,
        /// The stored progress stands elsewhere; `next_offset` now says where.
        progress_elsewhere,
    };

    /// DeploymentFailure while the stage is stopped by its breaker.
    void need_closed_breaker();
    BatchEnd run_one_by_one(OwnedPartition& partition, std::span<const Message> batch);
    BatchEnd run_alone(OwnedPartition& partition, const Message& message);
    Attempt attempt(OwnedPartition& partition, std::span<const Message> batch);
    Attempt quarantine(OwnedPartition& partition, const Message& message,
                       const std::string& reason);
    Attempt realign(OwnedPartition& partition);
    void commit(OwnedPartition& partition, BegunBatch begun, Outbox& outbox);
    void take_back_try(const OwnedPartition& partition, const Message& message,
                       std::optional<int>& tries);
    std::vector<std::int64_t> delete_finished(OwnedPartition& partition, domain::UnitOfWork& work);
    void settle_upkeep(OwnedPartition& partition);
    void tidy_outbox(OwnedPartition& partition);
    Upkeep do_upkeep(OwnedPartition& partition);
    bool is_upkeep_due(const OwnedPartition& partition);
    void wait_for(const domain::DeploymentFailure& failure, Wait& wait, BackOff& back_off);
    void wait_after(const domain::TransientFailure& failure, BackOff& back_off,
                    const char* log_message);

    const RunnerSettings settings_;
    Stage& stage_;
    StageLedger& ledger_;
    DatabaseHealth& health_;
    RunnerEnvironment environment_;
};

}  // namespace chaiqin::runtime
