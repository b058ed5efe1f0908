#include "postgres/operations/verification.hpp"

#include "domain/calendar.hpp"
#include "postgres/binary.hpp"

namespace chaiqin::postgres::operations {

namespace {

constexpr const char* unapplied_deltas =
    "SELECT d.agency, d.month, d.kind, d.type, sum(d.records)::bigint AS records, sum(d.minutes)::bigint AS minutes FROM matching.batch b"
    " JOIN matching.count_delta d ON d.batch_id = b.id WHERE NOT EXISTS (SELECT 1 FROM statistics.applied_batch a WHERE a.batch_id = b.id)"
    " GROUP BY d.agency, d.month, d.kind, d.type";

void totals(domain::UnitOfWork& work, Verification& v) {
    const auto rows = query(work,
                            std::string("SELECT (SELECT count(*) FROM matching.file), (SELECT count(*) FROM matching.record WHERE counted),"
                                        " (SELECT COALESCE(sum(records), 0)::bigint FROM statistics.monthly_count),"
                                        " (SELECT COALESCE(sum(records), 0)::bigint FROM (") + unapplied_deltas + ") u),"
                                        " (SELECT COALESCE(sum(unmatched), 0)::bigint FROM matching.file)");
    v.submissions = rows.int8(0, 0);
    v.live_counted = rows.int8(0, 1);
    v.published = rows.int8(0, 2);
    v.unapplied = rows.int8(0, 3);
    v.unmatched = rows.int8(0, 4);
}

/// Rows: agency, month (null where it is none), detail.
void add(domain::UnitOfWork& work, Verification& v, const char* what, const std::string& sql) {
    const auto rows = query(work, sql + " LIMIT 20");
    for (int i = 0; i < rows.size(); ++i) {
        const auto month = rows.optional_int8(i, 1);
        v.differences.push_back({what, rows.string(i, 0), month ? domain::iso_month(static_cast<domain::Month>(*month)) : "", rows.string(i, 2)});
    }
}

}  // namespace

Verification verify(Session& session) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    Verification v;
    totals(*work, v);
    add(*work, v, "lines of a submission are not the sum of its dispositions",
        "SELECT agency, NULL::int, submission_id::text || ': total ' || total || ', sum ' || (invalid + unchanged + stale + deletion + superseded + unmatched + counted)"
        " FROM matching.file WHERE total <> invalid + unchanged + stale + deletion + superseded + unmatched + counted ORDER BY agency, received_at");
    add(*work, v, "a submission's COUNTED or UNMATCHED is not what its live records say",
        "SELECT f.agency, NULL::int, f.submission_id::text || ': counted ' || f.counted || ', records ' || COALESCE(r.counted, 0) || '; unmatched ' || f.unmatched || ', records ' || COALESCE(r.unmatched, 0)"
        " FROM matching.file f LEFT JOIN (SELECT submission_id, count(*) FILTER (WHERE counted) AS counted, count(*) FILTER (WHERE live AND NOT counted) AS unmatched"
        "   FROM matching.record GROUP BY submission_id) r USING (submission_id)"
        " WHERE f.counted <> COALESCE(r.counted, 0) OR f.unmatched <> COALESCE(r.unmatched, 0) ORDER BY f.agency, f.received_at");
    add(*work, v, "published counts and unapplied deltas are not the live matched records",
        std::string("SELECT agency, month, CASE kind WHEN 0 THEN 'leave ' ELSE 'overtime ' END || type || ': recount ' || sum(records) FILTER (WHERE side = 1) || '/' || sum(minutes) FILTER (WHERE side = 1)"
                    " || ', published and unapplied ' || sum(records) FILTER (WHERE side = 2) || '/' || sum(minutes) FILTER (WHERE side = 2)"
                    " FROM (SELECT agency, month, kind, type, records, minutes::bigint, 1 AS side FROM matching.recount"
                    "   UNION ALL SELECT agency, month, kind, type, 0, 0, 1 FROM statistics.monthly_count"
                    "   UNION ALL SELECT agency, month, kind, type, records, minutes, 2 FROM statistics.monthly_count"
                    "   UNION ALL SELECT agency, month, kind, type, 0, 0, 2 FROM matching.recount"
                    "   UNION ALL SELECT u.agency, u.month, u.kind, u.type, u.records, u.minutes, 2 FROM (") + unapplied_deltas + ") u"
                    "   UNION ALL SELECT u.agency, u.month, u.kind, u.type, 0, 0, 1 FROM (" + unapplied_deltas + ") u) s"
        " GROUP BY agency, month, kind, type HAVING sum(records) FILTER (WHERE side = 1) <> sum(records) FILTER (WHERE side = 2)"
        "   OR sum(minutes) FILTER (WHERE side = 1) <> sum(minutes) FILTER (WHERE side = 2) ORDER BY agency, month, kind, type");
    add(*work, v, "a published count is negative with no delta outstanding",
        std::string("SELECT agency, month, CASE kind WHEN 0 THEN 'leave ' ELSE 'overtime ' END || type || ': ' || records FROM statistics.monthly_count"
                    " WHERE records < 0 AND NOT EXISTS (") + unapplied_deltas + ") ORDER BY agency, month");
    add(*work, v, "an accepted file has neither a matcher row nor an outbox row nor a place in quarantine",
        "SELECT s.agency, s.data_month, s.submission_id::text FROM validation.submission s WHERE s.verdict = 'ACCEPTED' AND s.validated_at < now() - interval '10 minutes'"
        " AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.submission_id = s.submission_id)"
        " AND NOT EXISTS (SELECT 1 FROM validation.outbox o WHERE o.event_id = s.submission_id::text || '/' || s.attempt)"
        " AND NOT EXISTS (SELECT 1 FROM matching.quarantine q WHERE q.event_id = s.submission_id::text || '/' || s.attempt) ORDER BY s.agency, s.data_month");
    session.commit(*work);
    return v;
}

Rebuild rebuild_statistics(Session& session, bool apply) {
    auto work = session.begin();
    // The aggregator's batches wait at their first statement until this is over.
    query(*work, "SELECT 1 FROM statistics.progress WHERE stage = 'statistics_aggregator' FOR UPDATE");
    exec(*work, "CREATE TEMP TABLE recounted ON COMMIT DROP AS SELECT agency, month, kind, type, records, minutes::bigint AS minutes FROM matching.recount");
    exec(*work, "CREATE TEMP TABLE unapplied ON COMMIT DROP AS " + std::string(unapplied_deltas));
    Rebuild result;
    result.cells = query(*work, "SELECT count(*) FROM recounted").int8(0, 0);
    result.differing = query(*work,
                             "SELECT count(*) FROM (SELECT agency, month, kind, type FROM (SELECT agency, month, kind, type, records, minutes FROM recounted"
                             "   UNION ALL SELECT agency, month, kind, type, -records, -minutes FROM statistics.monthly_count"
                             "   UNION ALL SELECT agency, month, kind, type, -records, -minutes FROM unapplied) s"
                             " GROUP BY agency, month, kind, type HAVING sum(records) <> 0 OR sum(minutes) <> 0) d").int8(0, 0);
    if (apply) {
        query(*work, "DELETE FROM statistics.monthly_count");
        query(*work, "INSERT INTO statistics.monthly_count (agency, month, kind, type, records, minutes) SELECT agency, month, kind, type, records, minutes FROM recounted ORDER BY 1, 2, 3, 4");
        query(*work, "DELETE FROM statistics.claim");
        query(*work,
              "INSERT INTO statistics.claim (agency, month, records, zero_reports, first_received_at, first_file_received_at)"
              " SELECT agency, month, COALESCE(sum(delta) FILTER (WHERE NOT zero_report), 0), COALESCE(sum(delta) FILTER (WHERE zero_report), 0),"
              " min(received_at) FILTER (WHERE delta > 0), min(received_at) FILTER (WHERE delta > 0 AND NOT by_rematch) FROM matching.claim_delta GROUP BY agency, month");
        query(*work, "DELETE FROM statistics.post");
        query(*work, "INSERT INTO statistics.post (agency, month, delta) SELECT agency, month, sum(delta) FROM matching.post_delta GROUP BY agency, month");
        query(*work, "INSERT INTO statistics.applied_batch (batch_id) SELECT id FROM matching.batch ON CONFLICT DO NOTHING");
        query(*work, "UPDATE statistics.last_update SET updated_at = now()");
        session.commit(*work);
        result.switched = true;
    }
    return result;
}

}  // namespace chaiqin::postgres::operations
