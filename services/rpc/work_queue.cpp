#include "rpc/work_queue.hpp"

namespace chaiqin::rpc {

WorkQueue::WorkQueue(int threads, std::size_t most_waiting) : most_waiting_(most_waiting) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkQueue::~WorkQueue() {
    {
        std::lock_guard lock(mutex_);
        ending_ = true;
    }
    arrived_.notify_all();
}

bool WorkQueue::push(Task task) {
    {
        std::lock_guard lock(mutex_);
        if (ending_ || waiting_.size() >= most_waiting_) return false;
        waiting_.push_back(std::move(task));
    }
    arrived_.notify_one();
    return true;
}

void WorkQueue::run() {
    for (;;) {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        const Task task = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        if (std::chrono::steady_clock::now() < task.deadline)
            task.work();
        else
            task.late();
    }
}

}  // namespace chaiqin::rpc
