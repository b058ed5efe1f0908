#pragma once
// What the two halves of StageLoop share: stage_loop.cpp (the consumer's thread) and
// stage_loop_work.cpp (the workers'). Included by these two files only.
#include "runtime/gathering.hpp"
#include "runtime/stage_loop.hpp"

namespace chaiqin::runtime {

using Steady = std::chrono::steady_clock;

inline std::int64_t steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now().time_since_epoch())
        .count();
}

struct StageLoop::Partition {
    Partition(std::chrono::milliseconds gather, const Arrivals& arrivals)
        : gathering(gather, arrivals) {}
    TopicPartition at;
    int worker = 0;
    std::deque<Message> queue;  // guarded by the loop's mutex
    Gathering gathering;
    std::atomic<bool> owned{true};
    std::atomic<std::int64_t> next_offset{0};
    std::int64_t hinted = -1;  // consumer thread only
    std::size_t alone = 0;  // so many messages are tried one by one first: a process has died here
    std::atomic<bool> committed{false};  // since it was assigned
    std::shared_ptr<Relay> relay;
    Steady::time_point looked_after{}, tidied{};
    bool busy = false;  // guarded by the loop's mutex
};

struct StageLoop::Worker {
    int number = 0;
    std::unique_ptr<StageLedger> ledger;
    std::thread thread;
    std::size_t turn = 0;
};

}  // namespace chaiqin::runtime
