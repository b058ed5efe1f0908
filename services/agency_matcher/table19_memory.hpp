#pragma once
// The Table 19 snapshot that decisions rest on, one a process. It follows the log's head: asked for
// by a thread of its own every 200 ms and after each load of this process, and at once by a stage
// that finds its partition ahead.
// Thread-safe.
#include <atomic>
#include <functional>
#include <mutex>

#include "domain/career_store.hpp"
#include "runtime/background.hpp"

namespace chaiqin::agency_matcher {

class Table19Memory {
public:
    explicit Table19Memory(domain::Table19Source& source) : source_(source) {}

    domain::Table19Ptr current() const;
    std::int64_t change_no() const { return change_no_; }
    /// Brings memory to the log's head. Throws TransientFailure while the database is away.
    void refresh();
    /// The first time: waits for the database; returns early when `stopping` answers true.
    void load(const std::function<bool()>& stopping);

private:
    domain::Table19Source& source_;
    std::mutex refreshing_;
    mutable std::mutex mutex_;
    domain::Table19Ptr current_ = std::make_shared<const domain::Table19>();
    std::atomic<std::int64_t> change_no_{0};
};

/// Calls refresh() every 200 ms until it is destroyed.
class Table19Follower {
public:
    explicit Table19Follower(Table19Memory& memory);
    /// There is something to read: no need to wait for the next look. Any thread.
    void look_now() { background_.wake(); }

private:
    runtime::Background background_;
};

}  // namespace chaiqin::agency_matcher
