#pragma once
// Group commit: items that arrive while a transaction is under way are written together by the next
// one. It has one thread. Groups begin at least `gap` apart, so a busy gateway commits at most a
// few hundred times per second, and an idle one commits at once. Thread-safe.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace chaiqin::gateway {

template <class Item>
class GroupWriter {
public:
    /// `write` takes a group and tells its items how it went; it must not throw.
    using Write = std::function<void(std::vector<Item>&&)>;

    GroupWriter(Write write, std::size_t most_waiting,
                std::chrono::milliseconds gap = std::chrono::milliseconds(4))
        : write_(std::move(write)),
          most_waiting_(most_waiting),
          gap_(gap),
          thread_([this] { write_groups(); }) {}

    ~GroupWriter() {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    /// False: too many wait already; the item was not taken.
    [[nodiscard]] bool try_add(Item item) {
        {
            std::lock_guard lock(mutex_);
            if (stopping_ || waiting_.size() >= most_waiting_) return false;
            waiting_.push_back(std::move(item));
        }
        changed_.notify_all();
        return true;
    }

private:
    static constexpr std::size_t largest_group = 500;

    void write_groups() {
        auto next_group_at = std::chrono::steady_clock::now();
        for (;;) {
            std::vector<Item> group;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
                if (!stopping_) changed_.wait_until(lock, next_group_at, [&] { return stopping_; });
                if (waiting_.empty()) return;
                while (!waiting_.empty() && group.size() < largest_group) {
                    group.push_back(std::move(waiting_.front()));
                    waiting_.pop_front();
                }
            }
            next_group_at = std::chrono::steady_clock::now() + gap_;
            write_(std::move(group));
        }
    }

    Write write_;
    std::size_t most_waiting_;
    std::chrono::milliseconds gap_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Item> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace chaiqin::gateway
