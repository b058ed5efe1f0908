#include "gateway/auth/rate_limit.hpp"

#include <algorithm>

namespace chaiqin::gateway {

namespace {

constexpr std::size_t many_buckets = 20'000, most_buckets = 200'000;
/// Whoever comes when there are more than that shares one bucket.
const std::string all_others = "others";

}  // namespace

bool RateLimit::try_take(const std::string& who, std::chrono::steady_clock::time_point now) {
    if (buckets_.size() >= many_buckets) forget_full_ones(now);
    const bool has_room = buckets_.size() < most_buckets || buckets_.contains(who);
    auto& bucket =
        buckets_.try_emplace(has_room ? who : all_others, Bucket{at_once_, now}).first->second;
    bucket.left = std::min(
        at_once_,
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
    if (now - forgot_at_ < std::chrono::seconds(1)) return;
    forgot_at_ = now;
    std::erase_if(buckets_, [&](const auto& one) {
        const auto idle = std::chrono::duration<double>(now - one.second.at).count();
        return one.second.left + per_second_ * idle >= at_once_;
    });
}

}  // namespace chaiqin::gateway
