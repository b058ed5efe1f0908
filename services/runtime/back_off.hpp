#pragma once
// How long to wait after failures in a row: 25 to 50 ms after the first, doubling up to 1.6 to 3.2
// s. The random part keeps processes from coming back all at once. One object per undertaking, in
// one thread; it does not sleep itself.
#include <algorithm>
#include <chrono>
#include <random>

namespace chaiqin::runtime {

class BackOff {
public:
    explicit BackOff(std::minstd_rand& random) : random_(random) {}

    /// No failure has been counted yet.
    bool is_fresh() const { return failures_ == 0; }
    /// Counts a failure and says how long to wait.
    std::chrono::milliseconds after_failure() {
        failures_ = std::min(failures_ + 1, 7);
        const int most = 25 << failures_;
        return std::chrono::milliseconds(std::uniform_int_distribution(most / 2, most)(random_));
    }

private:
    std::minstd_rand& random_;
    int failures_ = 0;
};

}  // namespace chaiqin::runtime
