#include "gateway/auth/rate_limit.hpp"

#include <algorithm>

namespace chaiqin::gateway {

namespace {

constexpr double seconds_worth = 2;
constexpr std::size_t many_buckets = 20'000;

}  // namespace

bool RateLimit::try_take(const std::string& agency, std::chrono::steady_clock::time_point now) {
    if (buckets_.size() >= many_buckets) forget_full_ones(now);
    auto [at, is_new] = buckets_.try_emplace(agency, Bucket{per_second_ * seconds_worth, now});
    auto& bucket = at->second;
    bucket.left = std::min(
        per_second_ * seconds_worth,
        bucket.left + per_second_ * std::chrono::duration<double>(now - bucket.at).count());
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
}

void RateLimit::take_more(const std::string& agency, std::size_t files) {
    const auto at = buckets_.find(agency);
    if (at != buckets_.end()) at->second.left -= static_cast<double>(files);
}

void RateLimit::forget_full_ones(std::chrono::steady_clock::time_point now) {
    std::erase_if(buckets_,
                  [&](const auto& one) { return now - one.second.at > std::chrono::seconds(10); });
}

}  // namespace chaiqin::gateway
