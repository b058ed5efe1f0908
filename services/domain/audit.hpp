#pragma once
// The audit: who read, loaded or changed what. Lines of a day (Asia/Taipei) form a hash chain, and
// each change of a day's head is signed (crypto/audit_chain), so that a line that was changed,
// taken out or put in is found later. Values only.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

struct AuditLine {
    Instant at{};
    std::string sub, agency, acting, action, object, result;
    /// The place in the chain, which the chain gives: the day, from 1 within it, and the SHA-256 of
    /// the line and of all lines of the day before it (32 bytes).
    Day day = 0;
    std::int32_t number = 0;
    std::string hash;
};

struct AuditDay {
    Day day = 0;
    /// From 1 over all days that have lines, in the order in which they began.
    std::int32_t ordinal = 0;
    std::int32_t lines = 0;
    /// The hash of the last line.
    std::string head;
    /// Compact JWS over the other members; "" for a day that ended before there was a chain.
    std::string anchor;
};

/// Gives each line its place behind `days`, which are those of the lines (as far as there are any)
/// and the one with the greatest ordinal, and answers the days as they are now.
using ChainAudit =
    std::function<std::vector<AuditDay>(std::vector<AuditLine>& lines, std::vector<AuditDay> days)>;

}  // namespace chaiqin::domain
