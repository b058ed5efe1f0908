#include "gateway/work/worker_pool.hpp"

namespace chaiqin::gateway {

WorkerPool::WorkerPool(std::size_t threads, std::size_t most_waiting, LineLimits of_each)
    : most_waiting_(most_waiting), of_each_(of_each) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run_jobs(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_post(std::function<void()> job, const std::string& whose) {
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || waiting_ >= most_waiting_) return false;
        const auto line = lines_.find(whose);
        if (line != lines_.end() && line->second.waiting.size() >= of_each_.most_waiting)
            return false;
        lines_[whose].waiting.push_back(std::move(job));
        ++waiting_;
    }
    changed_.notify_one();
    return true;
}

void WorkerPool::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        for (auto& [whose, line] : lines_) line.waiting.clear();
        waiting_ = 0;
    }
    changed_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
}

WorkerPool::Lines::iterator WorkerPool::next_line() {
    auto at = lines_.upper_bound(last_);
    for (std::size_t i = 0; i < lines_.size(); ++i, ++at) {
        if (at == lines_.end()) at = lines_.begin();
        if (!at->second.waiting.empty() && at->second.running < of_each_.most_running) return at;
    }
    return lines_.end();
}

void WorkerPool::run_jobs() {
    std::unique_lock lock(mutex_);
    for (;;) {
        auto line = lines_.end();
        changed_.wait(lock, [&] { return stopping_ || (line = next_line()) != lines_.end(); });
        if (stopping_) return;
        last_ = line->first;
        auto job = std::move(line->second.waiting.front());
        line->second.waiting.pop_front();
        --waiting_;
        ++line->second.running;
        lock.unlock();
        job();
        job = nullptr;  // what it owns goes without the lock
        lock.lock();
        if (--line->second.running == 0 && line->second.waiting.empty()) lines_.erase(line);
        if (waiting_ > 0) changed_.notify_one();  // this line may have one more now
    }
}

}  // namespace chaiqin::gateway
