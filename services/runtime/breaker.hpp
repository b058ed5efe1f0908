#pragma once
// Stops a stage that gives up one message after the other: then it is not the messages' fault. It
// opens after so many messages put into quarantine within a minute, and closes when an operator
// orders so (`chaiqin quarantine resume`) or when the process starts anew. One per stage loop; its
// workers share it. Thread-safe.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "runtime/clock.hpp"

namespace chaiqin::runtime {

class Breaker {
public:
    explicit Breaker(std::size_t most = 20) : most_(most) {}

    /// A message was put into quarantine.
    void quarantined(Steady::time_point now);
    bool is_open() const;
    /// While it is open: the number of the last order to go on. It closes when the number has
    /// changed since the first look.
    void look(std::int64_t last_resume);

private:
    const std::size_t most_;
    mutable std::mutex mutex_;
    /// Of the last minute.
    std::deque<Steady::time_point> quarantined_;
    bool is_open_ = false;
    std::optional<std::int64_t> resume_seen_;
};

}  // namespace chaiqin::runtime
