#include <algorithm>
#include <vector>

#include "postgres/binary.hpp"
#include "postgres/operations/rebuild.sql.hpp"
#include "postgres/operations/verification.hpp"
#include "postgres/statistics/statistics_store.hpp"

namespace chaiqin::postgres::operations {

using domain::UnitOfWork;

namespace {

/// `sql` compares a table with its recount, and may replace what differs.
Recounted recount(UnitOfWork& work, const Sql& sql) {
    const auto rows = query(work, sql);
    const auto row = rows.only();
    return {.rows = row.int8("recounted"), .differing = row.int8("differing")};
}

/// Outstanding batches first, as the aggregator would: what differs after that is wrong. How many
/// there were.
std::int64_t apply_outstanding(UnitOfWork& work) {
    const auto rows = query(work, sql::batches_not_applied);
    std::vector<std::int64_t> batches;
    domain::Instant newest{};
    for (const auto row : rows) {
        batches.push_back(row.int8("id"));
        newest = std::max(newest, row.instant("made_at"));
    }
    if (!batches.empty()) statistics::make_statistics_store()->apply(work, batches, newest);
    query(work, sql::note_counted_files);
    return rows.size();
}

}  // namespace

Rebuild rebuild_statistics(Session& session, bool apply) {
    Rebuild result;
    auto work = session.begin();
    // The lock first, then the snapshot: what the aggregator committed before it is seen, nothing
    // comes after it, and recount and ledger are of one moment, whatever the matcher commits
    // meanwhile.
    exec(*work, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    exec(*work, "SET LOCAL lock_timeout = '60s'");
    exec(*work, "LOCK TABLE statistics.progress IN EXCLUSIVE MODE");
    result.batches_applied = apply_outstanding(*work);
    result.counts = recount(*work, apply ? sql::replace_counts : sql::compare_counts);
    result.claims = recount(*work, apply ? sql::replace_claims : sql::compare_claims);
    result.posts = recount(*work, apply ? sql::replace_posts : sql::compare_posts);
    if (!apply) return result;
    query(*work, sql::clear_national_counts);
    query(*work, sql::sum_up_national_counts);
    query(*work, sql::note_recount);
    session.commit(*work);
    result.switched = true;
    return result;
}

}  // namespace chaiqin::postgres::operations
