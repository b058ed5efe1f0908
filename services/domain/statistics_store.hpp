#pragma once
// The port to the aggregator's tables. Set-based, within the open transaction of the stage loop.
// Implemented by postgres/statistics; one thread. TransientFailure while the database is away.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/events.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::domain {

struct AppliedBatches {
    std::vector<std::int64_t> fresh;  ///< applied now
    std::size_t unknown = 0;          ///< announced, but not in the ledger
};

class StatisticsStore {
public:
    virtual ~StatisticsStore() = default;
    /// Adds each batch's count, claim and post deltas from the matcher's ledger, once ever.
    virtual AppliedBatches apply(UnitOfWork& work, std::span<const std::int64_t> batch_ids,
                                 Instant now) = 0;
    /// Says of the files that their counts can be read; returns the events to publish, with
    /// findings' totals.
    virtual std::vector<SubmissionUpdated> mark_counted(UnitOfWork& work,
                                                        std::span<const CountedFile> files,
                                                        Instant now) = 0;
    /// Ledger batches made before `before` that nobody has announced, oldest first.
    virtual std::vector<std::int64_t> missed(UnitOfWork& work, Instant before, int most) = 0;
    virtual std::vector<CountedFile> files_of(UnitOfWork& work,
                                              std::span<const std::int64_t> batch_ids) = 0;
    /// Σ COUNTED − (published + unapplied), in one snapshot; must be 0.
    virtual std::int64_t conservation_difference(UnitOfWork& work) = 0;
};

}  // namespace chaiqin::domain
