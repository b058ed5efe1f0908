-- name: table19_load
-- $1 load id. Until the matcher has seen the first chunk only the gateway knows the load.
SELECT COALESCE(m.load_id, i.load_id) AS load_id, m.number, COALESCE(m.mode, i.mode) AS mode,
       COALESCE(m.authority, i.authority) AS authority, COALESCE(m.state, 'RECEIVED') AS state,
       m.reason, m.rows, m.persons, m.persons_changed, m.persons_kept, m.rejected_count,
       ARRAY(SELECT (r.one ->> 'line')::bigint
             FROM jsonb_array_elements(m.rejected) WITH ORDINALITY AS r(one, at)
             ORDER BY r.at LIMIT 1000) AS rejected_lines,
       ARRAY(SELECT r.one ->> 'reason'
             FROM jsonb_array_elements(m.rejected) WITH ORDINALITY AS r(one, at)
             ORDER BY r.at LIMIT 1000) AS rejected_reasons,
       m.committed_at, m.rematch_persons, m.rematch_done,
       COALESCE(m.ignored_columns, '{}') AS ignored_columns
FROM (SELECT load_id, number, mode, authority, state, reason, rows, persons, persons_changed,
             persons_kept, rejected_count, rejected, committed_at, rematch_persons, rematch_done,
             ignored_columns
      FROM matching.table19_load WHERE load_id = $1::uuid) m
FULL JOIN (SELECT load_id, mode, authority FROM intake.career_load WHERE load_id = $1) i
  ON i.load_id = m.load_id;

-- name: table19_loads
-- Newest first, behind the load ($1 time, $2 id). $3 authorities, NULL for all. Gateway and matcher
-- may each be the first to know a load. There are some hundred of them a month.
-- for each :rows in 21 101 5001
SELECT l.* FROM (
    SELECT COALESCE(m.load_id, i.load_id) AS load_id, COALESCE(i.received_at,
        m.received_at) AS received_at,
           m.number, COALESCE(m.mode, i.mode) AS mode, COALESCE(m.authority,
               i.authority) AS authority,
           COALESCE(m.state, 'RECEIVED') AS state, m.reason, m.rows, m.persons, m.persons_changed,
           m.persons_kept, m.rejected_count, m.committed_at, m.rematch_persons, m.rematch_done,
           COALESCE(m.ignored_columns, '{}') AS ignored_columns
    FROM intake.career_load i
    FULL JOIN matching.table19_load m ON m.load_id = i.load_id) l
WHERE (l.received_at, l.load_id) < ($1::timestamptz, $2::uuid)
  AND ($3::text[] IS NULL OR (l.authority IN (SELECT unnest($3))) IS TRUE)
ORDER BY l.received_at DESC, l.load_id DESC LIMIT :rows;

-- name: table19_load_rejected
-- Rejected lines of the load $1 behind the line $2, with the load's authority; one row without a
-- line if there are none, no row if there is no such load.
-- for each :rows in 21 101 5001
SELECT l.authority, x.line, x.reason
FROM (SELECT authority FROM intake.career_load WHERE load_id = $1::uuid
      UNION
      SELECT authority FROM matching.table19_load WHERE load_id = $1) l
LEFT JOIN (
    SELECT r.line, r.reason FROM matching.career_rejected r
    WHERE r.load_id = $1 AND r.line > $2::bigint
    ORDER BY r.line LIMIT :rows) x ON true
ORDER BY x.line;
