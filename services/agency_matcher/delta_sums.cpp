#include "agency_matcher/delta_sums.hpp"

#include <algorithm>
#include <tuple>

namespace chaiqin::agency_matcher {

void DeltaSums::count(std::uint32_t agency, const domain::CountedLine& line, int sign) {
    auto& sum = counts_[{agency, domain::month_of(line.day), line.kind_type}];
    sum.records += sign;
    sum.minutes += std::int64_t{sign} * line.minutes;
}

void DeltaSums::claim(std::uint32_t agency, domain::Month month, int sign,
                      domain::Instant received_at, bool zero_report) {
    auto& sum = claims_[{agency, month, sign < 0, zero_report}];
    if (sum.delta == 0 || received_at < sum.received_at) sum.received_at = received_at;
    sum.delta += sign;
}

std::vector<domain::CountDelta> DeltaSums::counts() const {
    std::vector<domain::CountDelta> deltas;
    for (const auto& [key, sum] : counts_) {
        if (sum.records == 0 && sum.minutes == 0) continue;
        deltas.push_back(
            {codes_.code(key.agency), key.month, key.kind_type, sum.records, sum.minutes});
    }
    std::sort(deltas.begin(), deltas.end(), [](const auto& a, const auto& b) {
        return std::tie(a.agency, a.month, a.kind_type) < std::tie(b.agency, b.month, b.kind_type);
    });
    return deltas;
}

std::vector<domain::ClaimDelta> DeltaSums::claims() const {
    std::vector<domain::ClaimDelta> deltas;
    for (const auto& [key, sum] : claims_)
        deltas.push_back(
            {codes_.code(key.agency), key.month, sum.delta, sum.received_at, key.zero_report});
    std::sort(deltas.begin(), deltas.end(), [](const auto& a, const auto& b) {
        return std::tie(a.agency, a.month, a.delta) < std::tie(b.agency, b.month, b.delta);
    });
    return deltas;
}

}  // namespace chaiqin::agency_matcher
