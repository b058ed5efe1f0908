#include "gateway/http/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace chaiqin::gateway {

namespace {

constexpr std::size_t many_buckets = 20'000, most_buckets = 200'000;
/// Whoever comes when there are more than that shares one bucket.
const std::string all_others = "others";

}  // namespace

bool RateLimit::try_take(const std::string& who, std::chrono::steady_clock::time_point now,
                         double amount) {
    if (buckets_.size() >= many_buckets) forget_full_ones(now);
    const bool has_room = buckets_.size() < most_buckets || buckets_.contains(who);
    auto& bucket =
        buckets_.try_emplace(has_room ? who : all_others, Bucket{at_once_, now}).first->second;
    bucket.left = std::min(
        at_once_,
        bucket.left + per_second_ * std::chrono::duration<double>(now - bucket.at).count());
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left -= amount;
    return true;
}

void RateLimit::take_more(const std::string& who, double amount) {
    const auto at = buckets_.find(who);
    if (at != buckets_.end()) at->second.left -= amount;
}

std::chrono::seconds RateLimit::time_left(const std::string& who) const {
    const auto at = buckets_.contains(who) ? buckets_.find(who) : buckets_.find(all_others);
    const auto missing = at == buckets_.end() ? 0.0 : 1.0 - at->second.left;
    return std::chrono::seconds(std::max(1L, std::lround(std::ceil(missing / per_second_))));
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
