#pragma once
// Whether PostgreSQL answered a stage loop lately; a part of its readiness. Workers report, the
// consumer's thread asks; thread-safe.
#include <atomic>

#include "runtime/clock.hpp"

namespace chaiqin::runtime {

class DatabaseHealth {
public:
    void committed(Steady::time_point now) {
        answers_ = true;
        committed_at_ = now;
    }
    void failed() { answers_ = false; }
    void checked(bool answers) { answers_ = answers; }
    bool answers() const { return answers_; }
    /// Nothing was committed for 2 s: the connection should be looked at.
    bool is_old(Steady::time_point now) const {
        return now - committed_at_.load() > std::chrono::seconds(2);
    }

private:
    std::atomic<bool> answers_{false};
    std::atomic<Steady::time_point> committed_at_{Steady::time_point{}};
};

}  // namespace chaiqin::runtime
