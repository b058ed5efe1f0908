-- Filing by month: the cut at the deadline, frozen figures, reminders.

-- name: in_operation_since
-- Null before the first batch.
SELECT in_operation_since
FROM statistics.last_update;

-- name: months_not_frozen
-- $1 the first month, $2 the last.
SELECT m AS month
FROM generate_series($1::int, $2::int) AS m
WHERE NOT EXISTS (SELECT 1 FROM statistics.frozen_month f WHERE f.month = m)
ORDER BY m;

-- name: has_cut
-- $1 month.
SELECT EXISTS (SELECT 1 FROM statistics.freeze_cut WHERE month = $1::int) AS stands;

-- name: keep_cut
-- The end offsets of file.received when the deadline had passed, in place of an earlier cut. $1
-- month; in arrays: $2 partition, $3 end offset.
INSERT INTO statistics.freeze_cut (month, partition, end_offset)
SELECT $1::int, p, o
FROM unnest($2::int[], $3::bigint[]) AS e(p, o)
ON CONFLICT (month, partition) DO UPDATE SET end_offset = excluded.end_offset;

-- name: frozen_deadlines
-- Of each frozen month the end of the deadline that its latest version went by, and the rule that
-- gave it.
SELECT DISTINCT ON (month) month, deadline_end, deadline_rule
FROM statistics.frozen_month
ORDER BY month, version DESC;

-- name: freeze_month
-- Freezes a month if everything received before the cut is counted: every file before it has its
-- verdict, every accepted file received in time its row of the matcher (or a place in
-- quarantine), and their batches are in the counts. Says whether it was ready, and whether any
-- agency is obliged: without one nothing is frozen. It becomes version 1, or the one after the
-- latest. $1 month, $2 end of the deadline, $3 now, $4 the formula's version, $5 topic of received
-- files, $6 the reason, $7 the rule of the deadline.
WITH ready AS MATERIALIZED (
    SELECT EXISTS (SELECT 1 FROM statistics.freeze_cut c WHERE c.month = $1::int)
       AND NOT EXISTS (
               SELECT 1
               FROM statistics.freeze_cut c
               LEFT JOIN validation.progress p
                   ON p.stage = 'validator' AND p.topic = $5::text
                      AND p.partition = c.partition
               WHERE c.month = $1::int AND COALESCE(p.next_offset, 0) < c.end_offset)
       AND NOT EXISTS (
               SELECT 1
               FROM validation.submission s
               WHERE s.verdict = 'ACCEPTED' AND s.received_at < $2::timestamptz
                 AND NOT EXISTS (
                         SELECT 1
                         FROM matching.file f
                         WHERE f.submission_id = s.submission_id)
                 AND NOT matching.has_given_up(s.submission_id))
       AND NOT EXISTS (
               SELECT 1
               FROM matching.file f
               WHERE f.received_at < $2::timestamptz
                 AND NOT EXISTS (
                         SELECT 1
                         FROM statistics.applied_batch a
                         WHERE a.batch_id = f.batch_id))
       AS ok
), filing AS MATERIALIZED (
    SELECT agency, obliged, zero, on_time_by_file
    FROM statistics.filing($1::int, $2::timestamptz)
    WHERE (SELECT ok FROM ready)
), somebody AS MATERIALIZED (
    SELECT EXISTS (SELECT 1 FROM filing WHERE obliged) AS ok
), next AS MATERIALIZED (
    SELECT COALESCE(max(version), 0) + 1 AS version
    FROM statistics.frozen_month
    WHERE month = $1
), month AS (
    INSERT INTO statistics.frozen_month (month, version, frozen_at, formula, reason, deadline_end,
                                         deadline_rule)
    SELECT $1, next.version, $3::timestamptz, $4::text, $6::text, $2::timestamptz, $7::text
    FROM somebody, next
    WHERE ok
), filings AS (
    INSERT INTO statistics.frozen_filing (month, version, agency, obliged, reported, zero, on_time,
                                          chain)
    SELECT $1, next.version, agency, obliged, on_time_by_file, zero AND on_time_by_file,
           on_time_by_file, chain
    FROM filing
    LEFT JOIN statistics.chain($1::int) USING (agency), somebody, next
    WHERE ok
)
SELECT ready.ok AS is_ready, somebody.ok AS has_obliged
FROM ready, somebody;

-- name: freeze_again
-- A new version of every frozen month in which an agency was late only because its file was
-- counted after the freeze; gives those months. $1 now, $2 the formula's version.
WITH latest AS (
    SELECT DISTINCT ON (month) month, version, deadline_end, deadline_rule
    FROM statistics.frozen_month
    ORDER BY month, version DESC
), late AS MATERIALIZED (
    SELECT f.month, f.agency, c.records <= 0 AND c.zero_reports > 0 AS zero
    FROM latest l
    JOIN statistics.frozen_filing f
        ON f.month = l.month AND f.version = l.version AND f.obliged AND NOT f.on_time
    JOIN statistics.claim c ON c.agency = f.agency AND c.month = f.month
    WHERE c.first_file_received_at < l.deadline_end
), moved AS MATERIALIZED (
    SELECT l.month, l.version, l.deadline_end, l.deadline_rule, count(*) AS agencies
    FROM latest l
    JOIN late USING (month)
    GROUP BY l.month, l.version, l.deadline_end, l.deadline_rule
), month AS (
    INSERT INTO statistics.frozen_month (month, version, frozen_at, formula, reason, deadline_end,
                                         deadline_rule)
    SELECT month, version + 1, $1::timestamptz, $2::text,
           'received in time, counted after the freeze: ' || agencies || ' agencies', deadline_end,
           deadline_rule
    FROM moved
), filings AS (
    INSERT INTO statistics.frozen_filing (month, version, agency, obliged, reported, zero, on_time,
                                          chain)
    SELECT f.month, f.version + 1, f.agency, f.obliged, f.reported OR l.agency IS NOT NULL,
           f.zero OR COALESCE(l.zero, false), f.on_time OR l.agency IS NOT NULL, f.chain
    FROM moved m
    JOIN statistics.frozen_filing f ON f.month = m.month AND f.version = m.version
    LEFT JOIN late l ON l.month = f.month AND l.agency = f.agency
)
SELECT month
FROM moved
ORDER BY month;

-- name: note_reminders
-- Obliged agencies that have not reported and have not been told; noted as told. $1 month, $2
-- end of the deadline, $3 kind of reminder, $4 now, $5 the most of them.
INSERT INTO statistics.deadline_notice (agency, month, kind, told_at)
SELECT f.agency, $1::int, $3::text, $4::timestamptz
FROM statistics.filing($1::int, $2::timestamptz) f
WHERE f.obliged AND NOT f.reported
  AND NOT EXISTS (
          SELECT 1
          FROM statistics.deadline_notice n
          WHERE n.agency = f.agency AND n.month = $1::int AND n.kind = $3::text)
ORDER BY f.agency
LIMIT $5::int
RETURNING agency;

-- name: note_digests
-- Supervising agencies with obliged agencies below them that have not been sent this digest, with
-- how many are obliged and how many of those have reported; noted as told. $1 month, $2 end of the
-- deadline, $3 kind of digest, $4 now.
WITH below AS MATERIALIZED (
    SELECT above.agency, count(*) AS obliged, count(*) FILTER (WHERE f.reported) AS reported
    FROM statistics.filing($1::int, $2::timestamptz) f
    JOIN statistics.chain($1::int) c USING (agency)
    CROSS JOIN LATERAL unnest(c.chain[2:]) AS above(agency)
    WHERE f.obliged
    GROUP BY above.agency
), noted AS (
    INSERT INTO statistics.deadline_notice (agency, month, kind, told_at)
    SELECT b.agency, $1::int, $3::text, $4::timestamptz
    FROM below b
    WHERE NOT EXISTS (
              SELECT 1
              FROM statistics.deadline_notice n
              WHERE n.agency = b.agency AND n.month = $1::int AND n.kind = $3::text)
    RETURNING agency
)
SELECT b.agency, b.obliged, b.reported
FROM below b
JOIN noted USING (agency)
ORDER BY b.agency;
