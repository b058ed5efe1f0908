#include <algorithm>
#include <string>

#include "postgres/binary.hpp"
#include "postgres/operations/verification.hpp"
#include "postgres/statistics/statistics_store.hpp"

namespace chaiqin::postgres::operations {

using domain::UnitOfWork;

namespace {

struct Table {
    const char *name, *key, *values;
    const char* is_nothing;  ///< a live row that the recount need not have
    std::string recount;
};

const Table counts{
    "statistics.agency_month", "agency, month", statistics::month_values, "kind_type = '{}'",
    statistics::as_months("SELECT agency, month, kind, type, records::bigint AS records,"
                          " minutes::bigint AS minutes FROM matching.recount")};
const Table claims{
    "statistics.claim", "agency, month",
    "records, zero_reports, first_received_at, first_file_received_at", "false",
    "SELECT agency, month, COALESCE(sum(delta) FILTER (WHERE NOT zero_report), 0)::bigint AS "
    "records,"
    " COALESCE(sum(delta) FILTER (WHERE zero_report), 0)::bigint AS zero_reports,"
    " min(received_at) FILTER (WHERE delta > 0) AS first_received_at,"
    " min(received_at) FILTER (WHERE delta > 0 AND NOT by_rematch) AS first_file_received_at"
    " FROM matching.claim_delta GROUP BY agency, month"};
const Table posts{"statistics.post", "agency, month", "delta", "false",
                  "SELECT agency, month, sum(delta)::bigint AS delta FROM matching.post_delta "
                  "GROUP BY agency, month"};

/// "a, b" → "a = excluded.a, b = excluded.b"
std::string as_excluded(const std::string& names) {
    std::string text;
    for (std::size_t at = 0; at < names.size();) {
        const auto end = std::min(names.find(", ", at), names.size());
        const auto name = names.substr(at, end - at);
        text += (text.empty() ? "" : ", ") + name + " = excluded." + name;
        at = end + 2;
    }
    return text;
}

Recounted rebuild(UnitOfWork& work, const Table& table, bool apply) {
    const std::string live = table.name, key = table.key, columns = key + ", " + table.values;
    exec(work, "CREATE TEMP TABLE recounted ON COMMIT DROP AS " + table.recount);
    exec(work, "CREATE TEMP TABLE wrong ON COMMIT DROP AS SELECT " + columns + " FROM " + live +
                   " WHERE NOT (" + table.is_nothing +
                   ")"
                   " EXCEPT SELECT " +
                   columns + " FROM recounted");
    exec(work, "CREATE TEMP TABLE missing ON COMMIT DROP AS SELECT " + columns +
                   " FROM recounted EXCEPT SELECT " + columns + " FROM " + live);
    Recounted result;
    result.rows = query(work, "SELECT count(*) FROM recounted").int8(0, 0);
    result.differing = query(work, "SELECT count(*) FROM (SELECT " + key +
                                       " FROM wrong UNION SELECT " + key + " FROM missing) k")
                           .int8(0, 0);
    if (apply) {
        exec(work,
             "DELETE FROM " + live + " WHERE (" + key + ") IN (SELECT " + key + " FROM wrong)");
        exec(work, "INSERT INTO " + live + " (" + columns + ") SELECT " + columns +
                       " FROM missing ORDER BY " + key + " ON CONFLICT (" + key +
                       ") DO UPDATE SET " + as_excluded(table.values));
    }
    exec(work, "DROP TABLE recounted");
    exec(work, "DROP TABLE wrong");
    exec(work, "DROP TABLE missing");
    return result;
}

/// The sums over all agencies, from what is published now.
void sum_up_the_nation(UnitOfWork& work) {
    exec(work, "DELETE FROM statistics.national_month");
    exec(work,
         "INSERT INTO statistics.national_month (month, kind, type, records, minutes)"
         " SELECT month, kind, type, sum(records), sum(minutes) FROM statistics.monthly_count"
         " GROUP BY month, kind, type");
}

/// Outstanding batches first, as the aggregator would: what differs after that is wrong. How many
/// there were.
std::int64_t apply_outstanding(UnitOfWork& work) {
    const auto rows =
        query(work,
              "SELECT b.id, b.made_at FROM matching.batch b WHERE NOT EXISTS"
              " (SELECT 1 FROM statistics.applied_batch a WHERE a.batch_id = b.id) ORDER BY b.id");
    std::vector<std::int64_t> batches;
    domain::Instant newest{};
    for (int row = 0; row < rows.size(); ++row) {
        batches.push_back(rows.int8(row, 0));
        newest = std::max(newest, rows.instant(row, 1));
    }
    if (!batches.empty()) statistics::make_statistics_store()->apply(work, batches, newest);
    // A file whose event is still on its way is announced when it comes.
    query(work,
          "INSERT INTO statistics.counted (submission_id, counted_at, partial) SELECT "
          "submission_id, now(), "
          "invalid > 0"
          " FROM matching.file ON CONFLICT DO NOTHING");
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
    result.counts = rebuild(*work, counts, apply);
    result.claims = rebuild(*work, claims, apply);
    result.posts = rebuild(*work, posts, apply);
    if (!apply) return result;
    sum_up_the_nation(*work);
    session.commit(*work);
    result.switched = true;
    return result;
}

}  // namespace chaiqin::postgres::operations
