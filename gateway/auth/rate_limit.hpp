#pragma once
// How many files per second an agency may send: a token bucket per agency, which holds two seconds'
// worth. Used on the io thread only.
#include <chrono>
#include <string>
#include <unordered_map>

namespace chaiqin::gateway {

class RateLimit {
public:
    explicit RateLimit(int files_per_second) : per_second_(files_per_second) {}
    /// False: the agency has used up its share (429). `now` never goes back.
    [[nodiscard]] bool try_take(const std::string& agency,
                                std::chrono::steady_clock::time_point now);
    /// Further files of an upload that was let in; may leave a debt.
    void take_more(const std::string& agency, std::size_t files);

private:
    struct Bucket {
        double left = 0;
        std::chrono::steady_clock::time_point at{};
    };
    void forget_full_ones(std::chrono::steady_clock::time_point now);

    double per_second_;
    std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace chaiqin::gateway
