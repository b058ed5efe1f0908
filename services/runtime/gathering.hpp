#pragma once
// When a partition's next batch may begin. A transaction costs as much as ten files in it, and so
// does a request to the broker; so where files come fast, a batch waits until some have gathered.
// Three states, from how fast messages come (ADR 0011): one now and then is taken at once; a busy
// partition's batch begins `window` after the one before; in a flood over all partitions of the
// process it begins `flood_window` after the one before, or as soon as nothing more comes.
// Plain values without a lock: Inflow guards Arrivals, a partition's queue guards its Gathering.
#include <algorithm>
#include <chrono>
#include <cmath>

#include "runtime/clock.hpp"

namespace chaiqin::runtime {

/// How fast messages come to the process, over all its partitions.
class Arrivals {
public:
    void arrived(Steady::time_point now) {
        recent_ = recent_ * std::exp(-std::chrono::duration<double>(now - last_).count()) + 1;
        last_ = now;
    }
    /// About 100 messages or more came in the last second; older ones fade out.
    bool is_flood() const { return recent_ >= flood; }
    Steady::time_point last() const { return last_; }

private:
    static constexpr double flood = 100;
    double recent_ = 0;
    Steady::time_point last_{};
};

/// One object per partition.
class Gathering {
public:
    explicit Gathering(std::chrono::milliseconds window) : window_(window) {}

    /// A batch of `messages` begins now.
    void began(Steady::time_point now, std::size_t messages) {
        if (!messages) return;
        const auto since = std::min<Steady::duration>(now - began_, std::chrono::seconds(1));
        const auto apart = since / static_cast<long>(messages);
        apart_ = apart_ - apart_ / 4 + apart / 4;
        began_ = now;
    }

    /// Until then the queue is left to grow (unless a whole batch has come together).
    Steady::time_point until(const Arrivals& arrivals) const {
        if (arrivals.is_flood()) return std::min(began_ + flood_window, arrivals.last() + silence);
        return apart_ * worth_waiting_for <= window_ ? began_ + window_ : began_;
    }

private:
    /// Waiting pays if the window brings so many messages.
    static constexpr int worth_waiting_for = 2;
    static constexpr std::chrono::milliseconds flood_window{1000};
    /// After so long without a message the flood is over.
    static constexpr std::chrono::milliseconds silence{50};
    std::chrono::milliseconds window_;
    Steady::time_point began_{};
    /// Mean time between messages.
    Steady::duration apart_ = std::chrono::seconds(1);
};

}  // namespace chaiqin::runtime
