#pragma once
// Threads that do the questions' blocking work, so that gRPC's own threads never wait. Bounded:
// what does not fit is refused at once; what is taken up after its deadline gets `late` instead of
// `work`. Thread-safe.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace chaiqin::rpc {

class WorkQueue {
public:
    struct Task {
        std::chrono::steady_clock::time_point deadline;
        std::function<void()> work, late;
    };

    WorkQueue(int threads, std::size_t most_waiting);
    ~WorkQueue();  ///< does what is queued, then ends
    /// Whether the task was taken.
    [[nodiscard]] bool push(Task task);

private:
    void run();
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Task> waiting_;
    std::size_t most_waiting_;
    bool ending_ = false;
    std::vector<std::jthread> threads_;
};

}  // namespace chaiqin::rpc
