-- The published counts and the matcher's batches in them.

-- name: known_batches
-- Those of the announced batches that are in the matcher's ledger. $1 batch ids.
SELECT id
FROM matching.batch
WHERE id = ANY ($1::bigint[]);

-- name: note_applied_batches
-- The same, noted as applied; gives those that were not yet. $1 batch ids.
INSERT INTO statistics.applied_batch (batch_id)
SELECT id
FROM matching.batch
WHERE id = ANY ($1::bigint[])
ON CONFLICT DO NOTHING
RETURNING batch_id;

-- name: add_counts
-- Adds the deltas of batches to the months of agencies, in the order of their keys. $1 batch
-- ids.
INSERT INTO statistics.agency_month AS s
    (agency, month, leave, overtime, leave_minutes, overtime_minutes, kind_type, records, minutes)
SELECT agency, month,
       COALESCE(sum(records) FILTER (WHERE kind = 0), 0)::bigint AS leave,
       COALESCE(sum(records) FILTER (WHERE kind = 1), 0)::bigint AS overtime,
       COALESCE(sum(minutes) FILTER (WHERE kind = 0), 0)::bigint AS leave_minutes,
       COALESCE(sum(minutes) FILTER (WHERE kind = 1), 0)::bigint AS overtime_minutes,
       array_agg((kind * 256 + type)::smallint) AS kind_type,
       array_agg(records) AS records,
       array_agg(minutes) AS minutes
FROM (
    SELECT agency, month, kind, type, sum(records)::bigint AS records,
           sum(minutes)::bigint AS minutes
    FROM matching.count_delta
    WHERE batch_id = ANY ($1::bigint[])
    GROUP BY agency, month, kind, type
    HAVING sum(records) <> 0 OR sum(minutes) <> 0
    ORDER BY agency, month, kind, type
) c
GROUP BY agency, month
ORDER BY agency, month
ON CONFLICT (agency, month) DO UPDATE
SET leave = s.leave + excluded.leave,
    overtime = s.overtime + excluded.overtime,
    leave_minutes = s.leave_minutes + excluded.leave_minutes,
    overtime_minutes = s.overtime_minutes + excluded.overtime_minutes,
    (kind_type, records, minutes) = (
        SELECT a.kind_type, a.records, a.minutes
        FROM statistics.added(s.kind_type, s.records, s.minutes,
                              excluded.kind_type, excluded.records, excluded.minutes) a
    );

-- name: add_national_counts
-- Adds the same deltas to the sums over all agencies. $1 batch ids.
INSERT INTO statistics.national_month AS s (month, kind, type, records, minutes)
SELECT month, kind, type, sum(records)::bigint AS records, sum(minutes)::bigint AS minutes
FROM matching.count_delta
WHERE batch_id = ANY ($1::bigint[])
GROUP BY month, kind, type
ORDER BY month, kind, type
ON CONFLICT (month, kind, type) DO UPDATE
SET records = s.records + excluded.records,
    minutes = s.minutes + excluded.minutes;

-- name: add_claims
-- Adds the claims of batches. The first times are never undone. $1 batch ids.
INSERT INTO statistics.claim AS c
    (agency, month, records, zero_reports, first_received_at, first_file_received_at)
SELECT agency, month,
       COALESCE(sum(delta) FILTER (WHERE NOT zero_report), 0),
       COALESCE(sum(delta) FILTER (WHERE zero_report), 0),
       min(received_at) FILTER (WHERE delta > 0),
       min(received_at) FILTER (WHERE delta > 0 AND NOT by_rematch)
FROM matching.claim_delta
WHERE batch_id = ANY ($1::bigint[])
GROUP BY agency, month
ORDER BY agency, month
ON CONFLICT (agency, month) DO UPDATE
SET records = c.records + excluded.records,
    zero_reports = c.zero_reports + excluded.zero_reports,
    first_received_at = least(c.first_received_at, excluded.first_received_at),
    first_file_received_at = least(c.first_file_received_at, excluded.first_file_received_at);

-- name: add_posts
-- Adds where posts begin and end. $1 batch ids.
INSERT INTO statistics.post AS p (agency, month, delta)
SELECT agency, month, sum(delta)
FROM matching.post_delta
WHERE batch_id = ANY ($1::bigint[])
GROUP BY agency, month
ORDER BY agency, month
ON CONFLICT (agency, month) DO UPDATE
SET delta = p.delta + excluded.delta;

-- name: note_update
-- $1 now, $2 the batches that were applied.
UPDATE statistics.last_update
SET updated_at = $1::timestamptz,
    in_operation_since = least(
        in_operation_since,
        (SELECT min(made_at) FROM matching.batch WHERE id = ANY ($2::bigint[])));

-- name: note_counted_files
-- Files whose counts can be read now. In arrays: $1 submission id, $2 whether the file is
-- partial (0 or 1); $3 now.
INSERT INTO statistics.counted (submission_id, partial, counted_at)
SELECT id, partial <> 0, $3::timestamptz
FROM unnest($1::uuid[], $2::int[]) AS f(id, partial)
ON CONFLICT (submission_id) DO NOTHING;

-- name: findings_of_files
-- The totals of findings by all services, and the dispositions that the batch's announcement does
-- not say. $1 submission ids.
SELECT s.submission_id, f.deletion, f.unchanged, f.stale, f.superseded,
       s.error_count + f.matcher_errors AS error_count,
       s.warning_count + f.matcher_warnings + f.t_warnings AS warning_count
FROM validation.submission s
JOIN matching.file f USING (submission_id)
WHERE s.submission_id = ANY ($1::uuid[]);

-- name: missed_batches
-- Batches that are not applied, oldest first. $1 made before, $2 the most of them.
SELECT b.id
FROM matching.batch b
LEFT JOIN statistics.applied_batch a ON a.batch_id = b.id
WHERE a.batch_id IS NULL AND b.made_at < $1::timestamptz
ORDER BY b.id
LIMIT $2::int;

-- name: files_of_batches
-- What must be known of files to announce them as counted. $1 batch ids.
SELECT f.submission_id, s.attempt, f.agency, f.received_at, s.route, f.total, f.invalid,
       f.unmatched, f.counted
FROM matching.file f
JOIN validation.submission s USING (submission_id)
WHERE f.batch_id = ANY ($1::bigint[]);

-- name: conservation_difference
-- All lines COUNTED, less what is published and what waits in batches that are not applied: 0,
-- or records are lost.
SELECT COALESCE((SELECT sum(counted)::bigint FROM matching.file), 0)
     - COALESCE((SELECT sum(leave + overtime)::bigint FROM statistics.agency_month), 0)
     - COALESCE((
           SELECT sum(d.records)::bigint
           FROM matching.batch b
           JOIN matching.count_delta d ON d.batch_id = b.id
           WHERE NOT EXISTS (SELECT 1 FROM statistics.applied_batch a WHERE a.batch_id = b.id)
       ), 0) AS difference;
