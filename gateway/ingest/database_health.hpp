#pragma once
// Whether PostgreSQL answers at the moment, as the intake threads last saw it. While it does not,
// requests do not wait for it. Thread-safe.
#include <atomic>
#include <chrono>

namespace chaiqin::gateway {

class DatabaseHealth {
public:
    bool answers() const {
        return !failed_ &&
               std::chrono::steady_clock::now().time_since_epoch().count() >= slow_until_;
    }
    /// Its last call failed. One that was only slow does not count.
    bool is_away() const { return failed_; }
    void note_success() { failed_ = false; }
    void note_failure() { failed_ = true; }
    /// A call did not end in time: for a second nobody waits for another.
    void note_slow() {
        slow_until_ =
            (std::chrono::steady_clock::now() + std::chrono::seconds(1)).time_since_epoch().count();
    }

private:
    std::atomic<bool> failed_{false};
    std::atomic<std::chrono::steady_clock::rep> slow_until_{0};
};

}  // namespace chaiqin::gateway
