-- The tables of a stage: progress, applied, outbox, outbox_dead, quarantine. They stand in the
-- schema of every stage, so these statements name no schema: the session's search_path says
-- which it is. To try one in psql: SET search_path = validation;

-- name: take_over
-- Locks the progress row, leaves a mark in it and gives what stood there before. $1 stage, $2
-- topic, $3 partition.
WITH old AS (
    SELECT next_offset, change_no, trying_offset, tries
    FROM progress
    WHERE stage = $1::text AND topic = $2::text AND partition = $3::int
    FOR UPDATE
)
UPDATE progress p
SET trying_offset = COALESCE(old.trying_offset, old.next_offset)
FROM old
WHERE p.stage = $1::text AND p.topic = $2::text AND p.partition = $3::int
RETURNING old.next_offset, old.change_no, old.trying_offset, old.tries;

-- name: give_up
-- Takes that mark away if nothing was tried. $1 stage, $2 topic, $3 partition.
UPDATE progress
SET trying_offset = NULL
WHERE stage = $1::text AND topic = $2::text AND partition = $3::int
  AND trying_offset = next_offset AND tries = 0;

-- name: move_progress
-- Moves the next offset and gives the second cursor; no row if it stands elsewhere. $1 the new
-- offset, $2 stage, $3 topic, $4 partition, $5 where it must stand (null: anywhere).
UPDATE progress
SET next_offset = $1::bigint, trying_offset = NULL, tries = 0
WHERE stage = $2::text AND topic = $3::text AND partition = $4::int
  AND next_offset = COALESCE($5::bigint, next_offset)
RETURNING change_no;

-- name: read_progress
-- $1 stage, $2 topic, $3 partition.
SELECT next_offset, change_no, trying_offset, tries
FROM progress
WHERE stage = $1::text AND topic = $2::text AND partition = $3::int;

-- name: lock_progress
-- The same, locked until the transaction ends. $1 stage, $2 topic, $3 partition.
SELECT next_offset, change_no, trying_offset, tries
FROM progress
WHERE stage = $1::text AND topic = $2::text AND partition = $3::int
FOR UPDATE;

-- name: note_try
-- Counts a try of one offset alone; no row if progress is past it. $1 offset, $2 stage, $3
-- topic, $4 partition.
UPDATE progress
SET tries = CASE WHEN trying_offset = $1::bigint THEN tries + 1 ELSE 1 END,
    trying_offset = $1::bigint
WHERE stage = $2::text AND topic = $3::text AND partition = $4::int
  AND next_offset <= $1::bigint
RETURNING tries;

-- name: forget_try
-- Takes one counted try of an offset back; the last one takes the mark away too. $1 offset, $2
-- stage, $3 topic, $4 partition, $5 the number that note_try gave.
UPDATE progress
SET tries = $5::int - 1,
    trying_offset = CASE WHEN $5::int > 1 THEN trying_offset END
WHERE stage = $2::text AND topic = $3::text AND partition = $4::int
  AND trying_offset = $1::bigint AND tries = $5::int;

-- name: last_resume
-- The number of the last `chaiqin quarantine resume`; 0 if there was none.
SELECT COALESCE(max(id), 0) AS last
FROM resume;

-- name: make_progress_rows
-- One row at offset 0 per partition; rows that stand stay as they are. $1 stage, $2 topic, $3
-- number of partitions.
INSERT INTO progress (stage, topic, partition)
SELECT $1::text, $2::text, p
FROM generate_series(0, $3::int - 1) AS p
ON CONFLICT DO NOTHING;

-- name: add_applied
-- Adds event ids to the set of applied ones; gives those that were new. $1 event ids.
INSERT INTO applied (event_id)
SELECT DISTINCT unnest($1::text[])
ON CONFLICT DO NOTHING
RETURNING event_id;

-- name: draw_outbox_ids
-- Ids for rows that COPY will write. $1 how many.
SELECT nextval(pg_get_serial_sequence('outbox', 'id')) AS id
FROM generate_series(1, $1::int);

-- name: read_outbox
-- Rows by id, at least one if there is one. $1 input topic, $2 input partition, $3 the first id,
-- $4 bytes of payload after which no further row begins, $5 the most rows.
SELECT o.id, o.topic, o.partition, o.key, o.event_id, o.headers, o.payload
FROM (
    SELECT id, topic, partition, key, event_id, headers, payload,
           sum(octet_length(payload)) OVER (ORDER BY id) - octet_length(payload) AS before
    FROM outbox
    WHERE input_topic = $1::text AND input_partition = $2::int AND id >= $3::bigint
    ORDER BY id
    LIMIT $5::int
) o
WHERE o.before < $4::bigint
ORDER BY o.id;

-- name: has_outbox
-- Whether rows from an id on stand. $1 input topic, $2 input partition, $3 the first id.
SELECT EXISTS (
    SELECT 1
    FROM outbox
    WHERE input_topic = $1::text AND input_partition = $2::int AND id >= $3::bigint
) AS stands;

-- name: consumed
-- How far every reader of some topics is. $1 topics.
SELECT topic, partition, next_offset
FROM registry.consumed_offset
WHERE topic = ANY ($1::text[]);

-- name: delete_outbox
-- Rows that their readers are past. $1 input topic, $2 input partition, $3 ids.
DELETE FROM outbox
WHERE input_topic = $1::text AND input_partition = $2::int AND id = ANY ($3::bigint[]);

-- name: bury_outbox
-- Moves a row that the broker refuses for good. $1 input topic, $2 input partition, $3 id, $4
-- the reason.
WITH gone AS (
    DELETE FROM outbox
    WHERE input_topic = $1::text AND input_partition = $2::int AND id = $3::bigint
    RETURNING id, input_topic, input_partition, topic, partition, key, event_id, headers, payload
)
INSERT INTO outbox_dead (id, input_topic, input_partition, topic, partition, key, event_id, headers,
                         payload, reason)
SELECT id, input_topic, input_partition, topic, partition, key, event_id, headers, payload, $4::text
FROM gone;

-- name: put_in_quarantine
-- A message that the stage gives up. $1 event id, $2 topic, $3 partition, $4 offset, $5 key, $6
-- headers (name, value, name …), $7 payload, $8 the reason.
INSERT INTO quarantine (event_id, topic, partition, "offset", key, headers, payload, reason)
VALUES ($1::text, $2::text, $3::int, $4::bigint, $5::text, $6::text[], $7::bytea, $8::text);

-- name: end_blocking_sessions
-- Ends the sessions that block one, if they are of the same role and stage and not of this
-- process; gives how many. $1 the blocked backend, $2 stage, $3 this process's application name.
SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid)) AS ended
FROM pg_stat_activity a
WHERE a.pid = ANY (pg_blocking_pids($1::int))
  AND a.usename = current_user
  AND starts_with(a.application_name, $2::text || ' ')
  AND a.application_name <> $3::text;
