#pragma once
// When a partition's next batch may begin. A transaction costs as much as ten files in it, and so
// does a request to the broker; so where files come fast, a batch waits until some have gathered.
// Three states, from how fast messages come (ADR 0011): one now and then is taken at once; a busy
// partition's batch begins `window` after the one before; in a flood over all partitions of the
// process it begins `flood_window` after the one before, or as soon as nothing more comes.
// Guarded by the loop's mutex.
#include <algorithm>
#include <chrono>
#include <cmath>

namespace chaiqin::runtime {

/// How fast messages come to the process, over all its partitions.
class Arrivals {
public:
    using Steady = std::chrono::steady_clock;

    void arrived(Steady::time_point now) {
        recent_ = recent_ * std::exp(-std::chrono::duration<double>(now - last_).count()) + 1;
        last_ = now;
    }
    /// Messages of the last second, older ones fading out.
    bool is_flood() const { return recent_ >= flood; }
    Steady::time_point last() const { return last_; }

private:
    static constexpr double flood = 100;  // messages a second
    double recent_ = 0;
    Steady::time_point last_{};
};

/// One object a partition.
class Gathering {
public:
    using Steady = Arrivals::Steady;
    explicit Gathering(std::chrono::milliseconds window, const Arrivals& arrivals)
        : window_(window), arrivals_(arrivals) {}

    /// A batch of `messages` begins now.
    void began(Steady::time_point now, std::size_t messages) {
        if (!messages) return;
        const auto since = std::min<Steady::duration>(now - began_, std::chrono::seconds(1));
        const auto apart = since / static_cast<long>(messages);
        apart_ = apart_ - apart_ / 4 + apart / 4;
        began_ = now;
    }

    /// Until then the queue is left to grow (unless a whole batch has come together).
    Steady::time_point until() const {
        if (arrivals_.is_flood())
            return std::min(began_ + flood_window, arrivals_.last() + silence);
        return apart_ * worth_waiting_for <= window_ ? began_ + window_ : began_;
    }

private:
    static constexpr int worth_waiting_for = 2;  // messages
    static constexpr std::chrono::milliseconds flood_window{1000};
    static constexpr std::chrono::milliseconds silence{50};  // the flood is over
    std::chrono::milliseconds window_;
    const Arrivals& arrivals_;
    Steady::time_point began_{};
    Steady::duration apart_ = std::chrono::seconds(1);  ///< mean time between messages
};

}  // namespace chaiqin::runtime
