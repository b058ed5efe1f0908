#pragma once
// Sums the signed changes of one batch or re-match: monthly counts, and claims for the reporting
// rates (which agency has how many more live records of a month, sent by it or attributed to it).
// One thread.
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/file_record.hpp"

namespace chaiqin::agency_matcher {

class DeltaSums {
public:
    /// Agencies are numbers within these sums from here on.
    std::uint32_t number(std::string_view agency) { return codes_.intern(agency); }

    void count(std::uint32_t agency, const domain::CountedLine& line, int sign);
    void claim(std::uint32_t agency, domain::Month month, int sign, domain::Instant received_at,
               bool zero_report = false);

    std::vector<domain::CountDelta> counts() const;  ///< without those that came to nothing
    std::vector<domain::ClaimDelta> claims() const;

private:
    struct Count {
        std::int64_t records = 0, minutes = 0;
    };
    struct Claim {
        std::int64_t delta = 0;
        domain::Instant received_at{};
    };
    domain::CodeTable codes_;
    std::unordered_map<std::uint64_t, Count> counts_;
    std::unordered_map<std::uint64_t, Claim> claims_;
    std::uint64_t last_count_key_ = ~std::uint64_t{0}, last_claim_key_ = ~std::uint64_t{0};
    Count* last_count_ = nullptr;
    Claim* last_claim_ = nullptr;
};

}  // namespace chaiqin::agency_matcher
