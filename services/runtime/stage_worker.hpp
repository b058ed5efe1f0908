#pragma once
// One of a stage loop's workers: takes the ripe batches of its partitions and runs them, and looks
// after the partitions in between. run() is the body of a thread that StageLoop starts and joins;
// everything here happens in it. A worker has a ledger, that is a database session, of its own.
#include <memory>

#include "runtime/assignment.hpp"
#include "runtime/batch_runner.hpp"

namespace chaiqin::runtime {

class StageWorker {
public:
    StageWorker(int number, RunnerSettings settings, Stage& stage,
                std::unique_ptr<StageLedger> ledger, DatabaseHealth& health, const Clock& clock,
                Assignment& assignment, std::shared_ptr<Breaker> breaker);

    /// Until the loop stops. What nobody foresaw stops the loop: the process then ends without a
    /// commit of the batch in hand, as if it had died in it.
    void run();

private:
    void serve(AssignedPartition& partition);
    void run_ripe_batch(AssignedPartition& partition);

    const int number_;
    const std::unique_ptr<StageLedger> ledger_;
    Assignment& assignment_;
    BatchRunner runner_;
};

}  // namespace chaiqin::runtime
