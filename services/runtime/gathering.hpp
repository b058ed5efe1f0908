#pragma once
// When a partition's next batch may begin. A transaction costs as much as ten files in it, and so
// does a request to the broker; so where files come fast, a batch waits until some have gathered:
// it begins `window` after the one before. Where they come one now and then, each is taken at once.
// One object a partition, guarded by the loop's mutex.
#include <algorithm>
#include <chrono>

namespace chaiqin::runtime {

class Gathering {
public:
    using Steady = std::chrono::steady_clock;
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
    Steady::time_point until() const {
        return apart_ * worth_waiting_for <= window_ ? began_ + window_ : began_;
    }

private:
    static constexpr int worth_waiting_for = 2;  // messages
    std::chrono::milliseconds window_;
    Steady::time_point began_{};
    Steady::duration apart_ = std::chrono::seconds(1);  ///< mean time between messages
};

}  // namespace chaiqin::runtime
