#include "agency_matcher/delta_sums.hpp"

#include <algorithm>
#include <tuple>

namespace chaiqin::agency_matcher {

namespace {

constexpr std::uint64_t zero_report_bit = 1, fall_bit = 2;

// agency << 32 | month << 16 | kind_type or bits; a month (year * 12 + month - 1) fits 16 bits
// until the year 5461.
std::uint64_t key_of(std::uint32_t agency, domain::Month month, std::uint64_t rest) {
    return std::uint64_t{agency} << 32 | std::uint64_t{static_cast<std::uint16_t>(month)} << 16 |
           rest;
}
std::uint32_t agency_of(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32); }
domain::Month month_of(std::uint64_t key) { return static_cast<std::uint16_t>(key >> 16); }

}  // namespace

void DeltaSums::count(std::uint32_t agency, const domain::CountedLine& line, int sign) {
    const auto key =
        key_of(agency, domain::month_of(line.day), static_cast<std::uint16_t>(line.kind_type));
    if (key != last_count_key_) {
        last_count_ = &counts_[key];
        last_count_key_ = key;
    }
    last_count_->records += sign;
    last_count_->minutes += std::int64_t{sign} * line.minutes;
}

void DeltaSums::claim(std::uint32_t agency, domain::Month month, int sign,
                      domain::Instant received_at, bool zero_report) {
    const auto key =
        key_of(agency, month, (sign < 0 ? fall_bit : 0) | (zero_report ? zero_report_bit : 0));
    if (key != last_claim_key_) {
        last_claim_ = &claims_[key];
        last_claim_key_ = key;
    }
    if (last_claim_->delta == 0 || received_at < last_claim_->received_at)
        last_claim_->received_at = received_at;
    last_claim_->delta += sign;
}

std::vector<domain::CountDelta> DeltaSums::counts() const {
    std::vector<domain::CountDelta> deltas;
    for (const auto& [key, sum] : counts_) {
        if (sum.records == 0 && sum.minutes == 0) continue;
        deltas.push_back({codes_.code(agency_of(key)), month_of(key),
                          static_cast<std::int16_t>(static_cast<std::uint16_t>(key)), sum.records,
                          sum.minutes});
    }
    std::sort(deltas.begin(), deltas.end(), [](const auto& a, const auto& b) {
        return std::tie(a.agency, a.month, a.kind_type) < std::tie(b.agency, b.month, b.kind_type);
    });
    return deltas;
}

std::vector<domain::ClaimDelta> DeltaSums::claims() const {
    std::vector<domain::ClaimDelta> deltas;
    for (const auto& [key, claim] : claims_)
        deltas.push_back({codes_.code(agency_of(key)), month_of(key), claim.delta,
                          claim.received_at, (key & zero_report_bit) != 0});
    std::sort(deltas.begin(), deltas.end(), [](const auto& a, const auto& b) {
        return std::tie(a.agency, a.month, a.delta) < std::tie(b.agency, b.month, b.delta);
    });
    return deltas;
}

}  // namespace chaiqin::agency_matcher
