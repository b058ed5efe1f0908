#include "runtime/stage_worker.hpp"

namespace chaiqin::runtime {

StageWorker::StageWorker(int number, RunnerSettings settings, Stage& stage,
                         std::unique_ptr<StageLedger> ledger, DatabaseHealth& health,
                         const Clock& clock, Assignment& assignment,
                         std::shared_ptr<Breaker> breaker)
    : number_(number),
      ledger_(std::move(ledger)),
      assignment_(assignment),
      runner_(std::move(settings), stage, *ledger_, health,
              {.clock = clock,
               .steady_now = Steady::now,
               .sleep = [&assignment](auto time) { assignment.sleep(time); },
               .is_stopping = [&assignment] { return assignment.is_stopping(); },
               .random = std::minstd_rand(std::random_device{}()),
               .breaker = std::move(breaker)}) {}

void StageWorker::run() {
    try {
        while (const auto partition = assignment_.next_for(number_)) {
            serve(*partition);
            assignment_.release(*partition);
        }
    } catch (...) {
        assignment_.fail(std::current_exception());
    }
}

void StageWorker::serve(AssignedPartition& partition) {
    run_ripe_batch(partition);
    partition.looked_after = Steady::now();
    // After a piece of upkeep the next one is due as soon as the other partitions had their turn.
    if (runner_.look_after(partition) == Upkeep::piece_done) partition.looked_after = {};
}

void StageWorker::run_ripe_batch(AssignedPartition& partition) {
    if (!partition.relay->has_room()) return;
    const auto batch = partition.queue.take_ripe(partition.next_offset, Steady::now());
    if (batch.empty() || runner_.run(partition, batch) != BatchEnd::gap) return;
    // First the queue: what comes after the seek must not be thrown away.
    partition.queue.clear();
    assignment_.ask_seek(partition.at, partition.next_offset);
}

}  // namespace chaiqin::runtime
