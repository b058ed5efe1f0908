-- The recount of what is published. The views statistics.recounted_… show what the tables should
-- hold.

-- name: batches_not_applied
-- Oldest first.
SELECT b.id, b.made_at
FROM matching.batch b
WHERE NOT EXISTS (SELECT 1 FROM statistics.applied_batch a WHERE a.batch_id = b.id)
ORDER BY b.id;

-- name: note_counted_files
-- Every file of the matcher; one whose event is still on its way is announced when it comes.
INSERT INTO statistics.counted (submission_id, counted_at, partial)
SELECT submission_id, now(), invalid > 0
FROM matching.file
ON CONFLICT DO NOTHING;

-- name: compare_counts
-- How many months of agencies there are, and how many of them are published differently. A row
-- without counts means the same as none.
SELECT count(r.agency) AS recounted,
       count(*) FILTER (
           WHERE (s.leave, s.overtime, s.leave_minutes, s.overtime_minutes, s.kind_type,
                  s.records, s.minutes)
                 IS DISTINCT FROM
                 (r.leave, r.overtime, r.leave_minutes, r.overtime_minutes, r.kind_type, r.records,
                  r.minutes)
       ) AS differing
FROM (
    SELECT agency, month, leave, overtime, leave_minutes, overtime_minutes, kind_type, records,
           minutes
    FROM statistics.agency_month
    WHERE kind_type <> '{}'
) s
FULL JOIN statistics.recounted_month r ON r.agency = s.agency AND r.month = s.month;

-- name: replace_counts
-- Replaces those that differ, and gives the same numbers.
WITH recounted AS MATERIALIZED (
    SELECT agency, month, leave, overtime, leave_minutes, overtime_minutes, kind_type, records,
           minutes
    FROM statistics.recounted_month
), gone AS (
    DELETE FROM statistics.agency_month s
    WHERE s.kind_type <> '{}'
      AND NOT EXISTS (SELECT 1 FROM recounted r WHERE r.agency = s.agency AND r.month = s.month)
    RETURNING 1
), written AS (
    INSERT INTO statistics.agency_month AS s
        (agency, month, leave, overtime, leave_minutes, overtime_minutes, kind_type, records,
         minutes)
    SELECT agency, month, leave, overtime, leave_minutes, overtime_minutes, kind_type, records,
           minutes
    FROM recounted
    ORDER BY agency, month
    ON CONFLICT (agency, month) DO UPDATE
    SET leave = excluded.leave,
        overtime = excluded.overtime,
        leave_minutes = excluded.leave_minutes,
        overtime_minutes = excluded.overtime_minutes,
        kind_type = excluded.kind_type,
        records = excluded.records,
        minutes = excluded.minutes
    WHERE (s.leave, s.overtime, s.leave_minutes, s.overtime_minutes, s.kind_type, s.records,
           s.minutes)
          IS DISTINCT FROM
          (excluded.leave, excluded.overtime, excluded.leave_minutes, excluded.overtime_minutes,
           excluded.kind_type, excluded.records, excluded.minutes)
    RETURNING 1
)
SELECT (SELECT count(*) FROM recounted) AS recounted,
       (SELECT count(*) FROM gone) + (SELECT count(*) FROM written) AS differing;

-- name: compare_claims
-- The same for claims.
SELECT count(r.agency) AS recounted,
       count(*) FILTER (
           WHERE (s.records, s.zero_reports, s.first_received_at, s.first_file_received_at)
                 IS DISTINCT FROM
                 (r.records, r.zero_reports, r.first_received_at, r.first_file_received_at)
       ) AS differing
FROM statistics.claim s
FULL JOIN statistics.recounted_claim r ON r.agency = s.agency AND r.month = s.month;

-- name: replace_claims
-- Replaces those that differ, and gives the same numbers.
WITH recounted AS MATERIALIZED (
    SELECT agency, month, records, zero_reports, first_received_at, first_file_received_at
    FROM statistics.recounted_claim
), gone AS (
    DELETE FROM statistics.claim s
    WHERE NOT EXISTS (SELECT 1 FROM recounted r WHERE r.agency = s.agency AND r.month = s.month)
    RETURNING 1
), written AS (
    INSERT INTO statistics.claim AS s
        (agency, month, records, zero_reports, first_received_at, first_file_received_at)
    SELECT agency, month, records, zero_reports, first_received_at, first_file_received_at
    FROM recounted
    ORDER BY agency, month
    ON CONFLICT (agency, month) DO UPDATE
    SET records = excluded.records,
        zero_reports = excluded.zero_reports,
        first_received_at = excluded.first_received_at,
        first_file_received_at = excluded.first_file_received_at
    WHERE (s.records, s.zero_reports, s.first_received_at, s.first_file_received_at)
          IS DISTINCT FROM
          (excluded.records, excluded.zero_reports, excluded.first_received_at,
           excluded.first_file_received_at)
    RETURNING 1
)
SELECT (SELECT count(*) FROM recounted) AS recounted,
       (SELECT count(*) FROM gone) + (SELECT count(*) FROM written) AS differing;

-- name: compare_posts
-- The same for posts.
SELECT count(r.agency) AS recounted,
       count(*) FILTER (WHERE s.delta IS DISTINCT FROM r.delta) AS differing
FROM statistics.post s
FULL JOIN statistics.recounted_post r ON r.agency = s.agency AND r.month = s.month;

-- name: replace_posts
-- Replaces those that differ, and gives the same numbers.
WITH recounted AS MATERIALIZED (
    SELECT agency, month, delta
    FROM statistics.recounted_post
), gone AS (
    DELETE FROM statistics.post s
    WHERE NOT EXISTS (SELECT 1 FROM recounted r WHERE r.agency = s.agency AND r.month = s.month)
    RETURNING 1
), written AS (
    INSERT INTO statistics.post AS s (agency, month, delta)
    SELECT agency, month, delta
    FROM recounted
    ORDER BY agency, month
    ON CONFLICT (agency, month) DO UPDATE
    SET delta = excluded.delta
    WHERE s.delta IS DISTINCT FROM excluded.delta
    RETURNING 1
)
SELECT (SELECT count(*) FROM recounted) AS recounted,
       (SELECT count(*) FROM gone) + (SELECT count(*) FROM written) AS differing;

-- name: clear_national_counts
DELETE FROM statistics.national_month;

-- name: sum_up_national_counts
-- The sums over all agencies, from what is published now.
INSERT INTO statistics.national_month (month, kind, type, records, minutes)
SELECT month, kind, type, sum(records), sum(minutes)
FROM statistics.monthly_count
GROUP BY month, kind, type;

-- name: note_recount
-- Readers keep sums as long as this time stands.
UPDATE statistics.last_update
SET updated_at = updated_at + interval '1 microsecond';
