#pragma once
// The conservation law over the whole store (docs/statistics), in one database snapshot; and the recount that can
// replace what is published. For `chaiqin verify` and `chaiqin rebuild-statistics`.
#include <cstdint>
#include <string>
#include <vector>

#include "postgres/session.hpp"

namespace chaiqin::postgres::operations {

struct Difference {
    std::string what;     ///< which law
    std::string agency;   ///< "" where it is not one agency's
    std::string month;    ///< ISO, "" where it is not one month's
    std::string detail;
};

struct Verification {
    std::int64_t submissions = 0, live_counted = 0, published = 0, unapplied = 0, unmatched = 0;
    std::vector<Difference> differences;  ///< the first of each kind, by agency and month
};

Verification verify(Session& session);

struct Rebuild {
    std::int64_t cells = 0, differing = 0;
    bool switched = false;
};
/// Recounts beside the live table under the aggregator's progress row, compares and, with `apply`, switches.
Rebuild rebuild_statistics(Session& session, bool apply);

}  // namespace chaiqin::postgres::operations
