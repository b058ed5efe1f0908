#pragma once
// Sums the signed changes of one batch or re-match: monthly counts, and claims for the reporting
// rates (which agency has how many more live records of a month, sent by it or attributed to it).
// One thread.
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/file_record.hpp"
#include "domain/table19.hpp"

namespace chaiqin::agency_matcher {

class DeltaSums {
public:
    /// Agencies are numbers within these sums from here on.
    std::uint32_t number(std::string_view agency) { return codes_.intern(agency); }

    void count(std::uint32_t agency, const domain::CountedLine& line, int sign);
    void claim(std::uint32_t agency, domain::Month month, int sign, domain::Instant received_at,
               bool zero_report = false);

    /// Without those that came to nothing.
    std::vector<domain::CountDelta> counts() const;
    std::vector<domain::ClaimDelta> claims() const;

private:
    struct CountKey {
        std::uint32_t agency = 0;
        domain::Month month = 0;
        std::int16_t kind_type = 0;
        bool operator==(const CountKey&) const = default;
    };
    struct ClaimKey {
        std::uint32_t agency = 0;
        domain::Month month = 0;
        bool is_fall = false, zero_report = false;
        bool operator==(const ClaimKey&) const = default;
    };
    struct Hash {
        std::size_t operator()(const CountKey& key) const {
            return of(key.agency, key.month, static_cast<std::uint64_t>(key.kind_type));
        }
        std::size_t operator()(const ClaimKey& key) const {
            return of(key.agency, key.month, key.is_fall * 2u + key.zero_report);
        }
        static std::size_t of(std::uint64_t agency, domain::Month month, std::uint64_t rest) {
            return (agency * 4096 + static_cast<std::uint64_t>(month)) * 1024 + rest;
        }
    };
    struct Count {
        std::int64_t records = 0, minutes = 0;
    };
    struct Claim {
        std::int64_t delta = 0;
        domain::Instant received_at{};
    };
    domain::CodeTable codes_;
    std::unordered_map<CountKey, Count, Hash> counts_;
    std::unordered_map<ClaimKey, Claim, Hash> claims_;
};

}  // namespace chaiqin::agency_matcher
