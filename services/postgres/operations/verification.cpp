#include "postgres/operations/verification.hpp"

#include "domain/calendar.hpp"
#include "postgres/binary.hpp"

namespace chaiqin::postgres::operations {

namespace {

/// Batches of the ledger that are not in the published counts yet.
#define CHAIQIN_UNAPPLIED \
    "NOT EXISTS (SELECT 1 FROM statistics.applied_batch a WHERE a.batch_id = b.id)"

/// What breaks the law: rows of agency, month, submission_id, detail.
struct Check {
    const char *name, *what, *sql;
};

constexpr Check checks[] = {
    {"dispositions", "lines of a submission are not the sum of its dispositions",
     "SELECT agency, data_month AS month, submission_id, 'total ' || total || ', sum '"
     " || invalid + unchanged + stale + deletion + superseded + unmatched + counted AS detail FROM "
     "matching.file"
     " WHERE total <> invalid + unchanged + stale + deletion + superseded + unmatched + counted"
     " OR least(invalid, unchanged, stale, deletion, superseded, unmatched, counted) < 0"},
    {"records_of_file", "a submission's COUNTED or UNMATCHED is not what its live records say",
     "SELECT f.agency, f.data_month AS month, f.submission_id, 'counted ' || f.counted || ', "
     "records ' || "
     "r.counted"
     " || '; unmatched ' || f.unmatched || ', records ' || r.unmatched AS detail"
     " FROM matching.file f LEFT JOIN matching.file_record s USING (submission_id)"
     " CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE o & 8 = 0) AS counted, count(*) FILTER "
     "(WHERE o & 8 "
     "<> 0) AS unmatched"
     "                     FROM unnest(s.outcome) AS o WHERE o & 12288 = 0) r"
     " WHERE f.counted <> r.counted OR f.unmatched <> r.unmatched"},
    {"monthly_counts", "published counts and unapplied deltas are not the live matched records",
     "SELECT COALESCE(p.agency, r.agency) AS agency, COALESCE(p.month, r.month) AS month, "
     "NULL::uuid AS "
     "submission_id,"
     " CASE COALESCE(p.kind, r.kind) WHEN 0 THEN 'leave ' ELSE 'overtime ' END || COALESCE(p.type, "
     "r.type)"
     " || ': recount ' || COALESCE(r.records, 0) || '/' || COALESCE(r.minutes, 0)"
     " || ', published and unapplied ' || COALESCE(p.records, 0) || '/' || COALESCE(p.minutes, 0) "
     "AS detail"
     " FROM (SELECT agency, month, kind, type, sum(records) AS records, sum(minutes) AS minutes "
     "FROM ("
     "         SELECT agency, month, kind, type, records, minutes FROM statistics.monthly_count"
     "         UNION ALL SELECT d.agency, d.month, d.kind, d.type, d.records, d.minutes FROM "
     "matching.batch b"
     "         JOIN matching.count_delta d ON d.batch_id = b.id WHERE " CHAIQIN_UNAPPLIED
     "       ) u GROUP BY agency, month, kind, type) p"
     " FULL JOIN matching.recount r ON r.agency = p.agency AND r.month = p.month AND r.kind = "
     "p.kind AND "
     "r.type = p.type"
     " WHERE COALESCE(p.records, 0) <> COALESCE(r.records, 0) OR COALESCE(p.minutes, 0) <> "
     "COALESCE(r.minutes, 0)"},
    {"negative_counts", "a published count is negative with no delta outstanding",
     "SELECT agency, month, NULL::uuid AS submission_id, CASE kind WHEN 0 THEN 'leave ' ELSE "
     "'overtime ' END "
     "|| type"
     " || ': ' || records || '/' || minutes AS detail FROM statistics.monthly_count WHERE (records "
     "< 0 OR "
     "minutes < 0)"
     " AND NOT EXISTS (SELECT 1 FROM matching.batch b WHERE " CHAIQIN_UNAPPLIED ")"},
    {"agency_sums", "the sums of an agency's month are not its published counts",
     "SELECT COALESCE(c.agency, s.agency) AS agency, COALESCE(c.month, s.month) AS month, "
     "NULL::uuid AS "
     "submission_id,"
     " 'counts ' || COALESCE(c.records, 0) || '/' || COALESCE(c.minutes, 0) || ', sums ' || "
     "COALESCE(s.leave "
     "+ s.overtime, 0)"
     " || '/' || COALESCE(s.leave_minutes + s.overtime_minutes, 0) AS detail"
     " FROM (SELECT agency, month, sum(records) AS records, sum(minutes) AS minutes FROM "
     "statistics.monthly_count GROUP BY agency, month) c"
     " FULL JOIN statistics.agency_month s ON s.agency = c.agency AND s.month = c.month"
     " WHERE COALESCE(c.records, 0) <> COALESCE(s.leave + s.overtime, 0)"
     " OR COALESCE(c.minutes, 0) <> COALESCE(s.leave_minutes + s.overtime_minutes, 0)"},
    {"national_sums", "the sums over all agencies are not the published counts",
     "SELECT ''::text AS agency, COALESCE(c.month, s.month) AS month, NULL::uuid AS "
     "submission_id, CASE COALESCE(c.kind, s.kind) WHEN 0 THEN 'leave ' ELSE 'overtime ' END"
     " || COALESCE(c.type, s.type) || ': counts ' || COALESCE(c.records, 0) || '/'"
     " || COALESCE(c.minutes, 0) || ', sums ' || COALESCE(s.records, 0) || '/'"
     " || COALESCE(s.minutes, 0) AS detail"
     " FROM (SELECT month, kind, type, sum(records) AS records, sum(minutes) AS minutes"
     "       FROM statistics.monthly_count GROUP BY month, kind, type) c"
     " FULL JOIN statistics.national_month s ON s.month = c.month AND s.kind = c.kind AND s.type = "
     "c.type"
     " WHERE COALESCE(c.records, 0) <> COALESCE(s.records, 0)"
     " OR COALESCE(c.minutes, 0) <> COALESCE(s.minutes, 0)"},
    {"not_said_counted", "a file's counts are published, but its state is not COUNTED",
     "SELECT f.agency, f.data_month AS month, f.submission_id, '' AS detail"
     " FROM matching.file f JOIN statistics.applied_batch a ON a.batch_id = f.batch_id"
     " WHERE NOT EXISTS (SELECT 1 FROM statistics.counted c WHERE c.submission_id = "
     "f.submission_id)"},
    {"lost_files",
     "an accepted file has neither a matcher row nor an outbox row nor a place in quarantine",
     "SELECT s.agency, s.data_month AS month, s.submission_id, 'validated more than ten minutes "
     "ago' AS "
     "detail"
     " FROM validation.submission s WHERE s.verdict = 'ACCEPTED' AND s.validated_at < now() - "
     "interval '10 "
     "minutes'"
     " AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.submission_id = s.submission_id)"
     " AND NOT EXISTS (SELECT 1 FROM validation.outbox o WHERE o.event_id = s.submission_id::text "
     "|| '/' || "
     "s.attempt)"
     " AND NOT EXISTS (SELECT 1 FROM matching.quarantine q WHERE q.event_id = "
     "s.submission_id::text || '/' "
     "|| s.attempt)"},
    {"lost_receipts",
     "a receipt was given and the validator is past it, but there is neither a verdict nor a place "
     "in "
     "quarantine",
     "SELECT r.agency, NULL::int AS month, r.submission_id, 'partition ' || r.partition || ', "
     "offset ' || "
     "r.\"offset\" AS detail"
     " FROM intake.receipt r JOIN validation.progress p ON p.topic = 'chaiqin.file.received.v1' "
     "AND "
     "p.partition = r.partition"
     " WHERE r.\"offset\" < p.next_offset"
     " AND NOT EXISTS (SELECT 1 FROM validation.submission s WHERE s.submission_id = "
     "r.submission_id)"
     " AND NOT EXISTS (SELECT 1 FROM validation.quarantine q WHERE q.event_id LIKE "
     "r.submission_id::text || "
     "'/%')"},
};

void run(domain::UnitOfWork& work, const Check& check, Verification& v) {
    const auto rows = query(
        work, std::string(
                  "SELECT count(*) OVER (), d.agency, d.month, d.submission_id, d.detail FROM (") +
                  check.sql + ") d ORDER BY d.agency, d.month, d.submission_id LIMIT 1");
    if (rows.size() == 0) return;
    Difference difference{check.name, check.what,        rows.string(0, 1), "",
                          "",         rows.string(0, 4), rows.int8(0, 0)};
    if (!rows.is_null(0, 2)) difference.month = domain::iso_month(rows.int4(0, 2));
    if (!rows.is_null(0, 3)) difference.submission_id = rows.uuid(0, 3);
    v.differences.push_back(std::move(difference));
}

void add_totals(domain::UnitOfWork& work, Verification& v) {
    const auto files =
        query(work,
              "SELECT count(*), COALESCE(sum(total), 0)::bigint, COALESCE(sum(counted), 0)::bigint,"
              " COALESCE(sum(unmatched), 0)::bigint FROM matching.file");
    v.submissions = files.int8(0, 0);
    v.lines = files.int8(0, 1);
    v.counted = files.int8(0, 2);
    v.unmatched = files.int8(0, 3);
    v.live_counted = query(work,
                           "SELECT COALESCE(sum((SELECT count(*) FROM unnest(outcome) AS o WHERE o "
                           "& 12296 = 0)), 0)::bigint"
                           " FROM matching.file_record")
                         .int8(0, 0);
    v.published =
        query(work, "SELECT COALESCE(sum(records), 0)::bigint FROM statistics.monthly_count")
            .int8(0, 0);
    const auto waiting = query(work,
                               "SELECT count(*), COALESCE(sum((SELECT sum(d.records) FROM "
                               "matching.count_delta d WHERE d.batch_id = b.id)), 0)::bigint"
                               " FROM matching.batch b WHERE " CHAIQIN_UNAPPLIED);
    v.unapplied_batches = waiting.int8(0, 0);
    v.unapplied = waiting.int8(0, 1);
}

}  // namespace

Verification verify(Session& session) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    Verification v;
    add_totals(*work, v);
    if (v.counted != v.live_counted || v.live_counted != v.published + v.unapplied)
        v.differences.push_back({"sums", "the sums of the whole store differ", "", "", "",
                                 "Σ COUNTED " + std::to_string(v.counted) +
                                     ", live matched records " + std::to_string(v.live_counted) +
                                     ", published " + std::to_string(v.published) + ", unapplied " +
                                     std::to_string(v.unapplied),
                                 1});
    for (const auto& check : checks) run(*work, check, v);
    session.commit(*work);
    return v;
}

}  // namespace chaiqin::postgres::operations
