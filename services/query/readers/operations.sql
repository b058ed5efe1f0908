-- What operators and auditors look after: the audit, and files that a stage gave up.

-- name: audit_lines
-- Newest first, from $1 to before $2, behind the line ($3 time, $4 id); $5 agency, '' for all: own,
-- acted for, or named by the object; $6 action, '' for all.
-- for each :rows in 21 101 5001
SELECT a.id, a.at, a.sub, a.agency, a.acting, a.action, a.object, a.result
FROM intake.audit a
WHERE a.at >= $1::timestamptz AND a.at < $2::timestamptz AND a.at <= $3::timestamptz
  AND (a.at, a.id) < ($3, $4::bigint)
  AND ($5::text = '' OR a.agency = $5 OR a.acting = $5 OR position($5 IN a.object) > 0)
  AND ($6::text = '' OR a.action = $6)
ORDER BY a.at DESC, a.id DESC LIMIT :rows;

-- name: quarantined_files
-- Files whose message waits in a quarantine, newest first, behind the file ($1 time, $2 submission
-- id). An event id is submission/attempt.
-- for each :rows in 21 101 5001
SELECT r.submission_id, r.agency, q.stage, q.reason, q.quarantined_at
FROM (SELECT 'validator' AS stage, event_id, reason, quarantined_at FROM validation.quarantine
      WHERE replayed_at IS NULL
      UNION ALL
      SELECT 'agency_matcher', event_id, reason, quarantined_at FROM matching.quarantine
      WHERE replayed_at IS NULL) q
JOIN intake.receipt r ON q.event_id LIKE r.submission_id || '/%'
WHERE (q.quarantined_at, r.submission_id) < ($1::timestamptz, $2::uuid)
ORDER BY q.quarantined_at DESC, r.submission_id DESC LIMIT :rows;
