#pragma once
// The port to the findings feed (錯誤變動): what opened and what was fixed, in one order. Within
// the open transaction of the stage loop's upkeep. Implemented by postgres/notification.
// TransientFailure while the database is away.
#include <cstdint>
#include <string>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::domain {

/// What a re-match did to an agency's findings.
struct RematchedFindings {
    std::string agency;
    std::int64_t opened = 0, fixed = 0;
    std::int64_t last_change_no = 0;
};

class FindingFeedStore {
public:
    virtual ~FindingFeedStore() = default;
    /// Writes down what changed in the files that have waited longest. False: nothing waited.
    virtual bool advance(UnitOfWork& work, Instant now) = 0;
    /// Agencies whose findings a re-match changed, each change once: those without a newer change
    /// since `quiet_since`, or whose oldest is from before `waiting_since`.
    virtual std::vector<RematchedFindings> take_rematched(UnitOfWork& work, Instant quiet_since,
                                                          Instant waiting_since) = 0;
};

}  // namespace chaiqin::domain
