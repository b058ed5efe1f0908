-- What the query service reads has a schema of its own with views only; it holds no data. The role owns none of it, and
-- reads through it with its own rights.
CREATE SCHEMA query;
GRANT USAGE ON SCHEMA query TO query;

-- A submission and how far each stage has come with it. A stage has given up on a file while its quarantine row waits
-- for a replay; a replay that the matcher has not finished is under way.
CREATE VIEW query.submission WITH (security_invoker = true) AS
SELECT r.submission_id, r.agency, r.file_name, r.route, r.size_bytes, r.sha256, r.received_at,
       s.verdict, s.ruleset, s.record_count, s.total AS judged_total, s.invalid AS judged_invalid,
       s.error_count, s.warning_count,
       f.total AS matched_total, f.invalid, f.unchanged, f.stale, f.deletion, f.superseded, f.unmatched, f.counted,
       f.matcher_errors, f.matcher_warnings + f.t_warnings AS matcher_warnings,
       c.counted_at, c.partial,
       CASE WHEN s.submission_id IS NULL THEN EXISTS (
                SELECT FROM validation.quarantine q
                WHERE q.event_id LIKE r.submission_id || '/%' AND q.replayed_at IS NULL)
            WHEN f.submission_id IS NULL THEN EXISTS (
                SELECT FROM matching.quarantine q
                WHERE q.event_id LIKE r.submission_id || '/%' AND q.replayed_at IS NULL)
            ELSE false
       END AS quarantined,
       f.submission_id IS NULL AND EXISTS (
           SELECT FROM matching.quarantine q
           WHERE q.event_id LIKE r.submission_id || '/%' AND q.replayed_at IS NOT NULL) AS replayed
FROM intake.receipt r
LEFT JOIN validation.submission s ON s.submission_id = r.submission_id
LEFT JOIN matching.file f ON f.submission_id = r.submission_id
LEFT JOIN statistics.counted c ON c.submission_id = r.submission_id;
GRANT SELECT ON query.submission TO query;

-- The filing state of an agency and month as the API names it (docs/statistics.md). `passed`: the deadline is over.
CREATE FUNCTION query.filing_status(obliged boolean, reported boolean, exempt boolean, zero boolean, passed boolean)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN zero THEN 'zero' WHEN reported THEN 'reported' WHEN exempt THEN 'exempt'
                WHEN NOT obliged THEN 'not_obliged' WHEN passed THEN 'missing' ELSE 'not_due' END
$$;
