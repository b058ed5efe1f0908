#pragma once
// How often something may happen, each agency or address by itself: a token bucket for each. Used
// on the io thread only.
#include <chrono>
#include <string>
#include <unordered_map>

namespace chaiqin::gateway {

class RateLimit {
public:
    /// Files of an agency: two seconds' worth at once.
    explicit RateLimit(int files_per_second)
        : RateLimit(files_per_second, 2.0 * files_per_second) {}
    RateLimit(double per_second, double at_once) : per_second_(per_second), at_once_(at_once) {}
    /// False: the share is used up (429). `now` never goes back.
    [[nodiscard]] bool try_take(const std::string& who, std::chrono::steady_clock::time_point now);
    /// Further files of an upload that was let in; may leave a debt.
    void take_more(const std::string& agency, std::size_t files);

private:
    struct Bucket {
        double left = 0;
        std::chrono::steady_clock::time_point at{};
    };
    void forget_full_ones(std::chrono::steady_clock::time_point now);

    double per_second_, at_once_;
    std::chrono::steady_clock::time_point forgot_at_{};
    std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace chaiqin::gateway
