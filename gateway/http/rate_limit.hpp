#pragma once
// How often something may happen, each agency or address by itself: a token bucket for each. Used
// by one thread at a time.
#include <chrono>
#include <string>
#include <unordered_map>

namespace chaiqin::gateway {

class RateLimit {
public:
    /// Of an agency: two seconds' worth at once.
    explicit RateLimit(double per_second) : RateLimit(per_second, 2.0 * per_second) {}
    RateLimit(double per_second, double at_once) : per_second_(per_second), at_once_(at_once) {}
    /// False: less than one is left (429), nothing was taken. More than is left may be taken: it
    /// is a debt, and nothing is let in until that is paid. `now` never goes back.
    [[nodiscard]] bool try_take(const std::string& who, std::chrono::steady_clock::time_point now,
                                double amount = 1);
    /// Further ones of what was let in; may leave a debt.
    void take_more(const std::string& who, double amount);
    /// After a refusal: until when there is one again; at least a second.
    std::chrono::seconds time_left(const std::string& who) const;

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
