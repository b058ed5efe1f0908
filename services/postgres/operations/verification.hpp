#pragma once
// The conservation law over the whole store (docs/submission-states.md, "The conservation law"), in
// one database snapshot; and the recount that can replace what is published. For `chaiqin verify`
// and `chaiqin rebuild-statistics`, as the database's owner.
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "postgres/session.hpp"

namespace chaiqin::postgres::operations {

/// One kind of difference: the first of its kind by agency and month, and how many there are. Of
/// files that are lost, the first thousand.
struct Difference {
    std::string check;  ///< sums, dispositions, records_of_file, monthly_counts, negative_counts, …
    std::string what;           ///< which law, a sentence
    std::string agency;         ///< "" where it is not one agency's
    std::string month;          ///< ISO, "" where it is not one month's
    std::string submission_id;  ///< "" where it is not one submission's
    std::string detail;
    std::int64_t count = 0;
    std::vector<std::string> submission_ids;
};

/// Where a topic ends, by partition.
using TopicEnds = std::map<std::int32_t, std::int64_t>;

struct Verification {
    std::int64_t submissions = 0, lines = 0, unmatched = 0;
    std::int64_t counted = 0;       ///< Σ COUNTED of the submissions
    std::int64_t live_counted = 0;  ///< live matched records, counted one by one
    std::int64_t published = 0;     ///< Σ monthly counts
    std::int64_t unapplied = 0, unapplied_batches = 0;
    std::vector<Difference> differences;
};

/// Changes nothing. About a microsecond a stored record. Without `ends_of_received`, which says
/// where the topic of received files ends now, a receipt counts as lost only once the validator is
/// past its place.
Verification verify(Session& session, const std::function<TopicEnds()>& ends_of_received = {});

/// Rows of a table, and how many of them were not the same as counted again.
struct Recounted {
    std::int64_t rows = 0, differing = 0;
};
struct Rebuild {
    Recounted counts, claims, posts;
    std::int64_t batches_applied = 0;  ///< were outstanding and are in the recount
    bool switched = false;
    std::int64_t differing() const { return counts.differing + claims.differing + posts.differing; }
};
/// Counts again beside the live tables while the aggregator waits at its progress row (readers do
/// not), compares and, with `apply`, replaces what differs. TransientFailure when the progress row
/// does not become free in 60 s.
Rebuild rebuild_statistics(Session& session, bool apply);

}  // namespace chaiqin::postgres::operations
