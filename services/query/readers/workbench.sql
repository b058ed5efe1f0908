-- name: workbench
-- One row per agency and month that is open or has something to do, newest month first. $1
-- agencies; $2 months with $3 00:00 of the day after each one's deadline; $4 now, $5 this month,
-- $6 the first of the months. Open errors and unmatched records are counted beforehand; an error of
-- a file or an envelope is open while no later file has answered it.
WITH filing AS (
    SELECT f.agency, f.month, f.on_time, a.deadline_end <= $4::timestamptz AS passed,
           query.filing_status(f.obliged, f.reported, f.exempt, f.zero,
                               a.deadline_end <= $4) AS status
    FROM statistics.filing_of($1::text[], $2::int[], $3::timestamptz[]) f
    JOIN unnest($2, $3) AS a(month, deadline_end) ON a.month = f.month
), open_errors AS (
    SELECT o.agency, o.month,
           sum(o.line_errors + CASE WHEN o.file_errors = 0 OR matching.file_fixed_by(
               o.agency, o.data_month, o.received_at, o.submission_id) IS NOT NULL THEN 0
               ELSE o.file_errors END)::bigint AS errors
    FROM portal.open_error o
    WHERE o.agency = ANY ($1) AND o.month >= $6::int
    GROUP BY o.agency, o.month
), unmatched AS (
    SELECT c.agency, c.month, sum(c.records)::bigint AS records
    FROM matching.unmatched_count c
    WHERE c.agency = ANY ($1) AND c.month >= $6
    GROUP BY c.agency, c.month
)
SELECT f.agency, f.month, f.on_time,
       CASE WHEN f.status = 'not_due' AND f.month < $5::int THEN 'due' ELSE f.status END AS status,
       COALESCE(o.errors, 0) AS open_errors, COALESCE(u.records, 0) AS unmatched,
       (SELECT s.submission_id FROM validation.submission s
        WHERE s.agency = f.agency AND s.data_month = f.month
        ORDER BY s.received_at DESC, s.submission_id DESC LIMIT 1) AS last_submission_id
FROM filing f
LEFT JOIN open_errors o ON o.agency = f.agency AND o.month = f.month
LEFT JOIN unmatched u ON u.agency = f.agency AND u.month = f.month
WHERE f.status <> 'not_obliged'
  AND (NOT f.passed OR f.status = 'missing' OR o.errors > 0 OR u.records > 0)
ORDER BY f.month DESC, f.agency COLLATE "C";
