-- What a stage gave up. Every stage has the table quarantine in its schema: search_path says
-- which one is meant.

-- name: list_quarantine
-- Without headers and payload. $1 whether those that have been replayed are wanted too.
SELECT id, event_id, topic, partition, "offset", key, reason,
       octet_length(payload) AS payload_bytes, quarantined_at, replayed_at
FROM quarantine
WHERE $1::boolean OR replayed_at IS NULL
ORDER BY id;

-- name: read_quarantined
-- A message as it came. $1 id.
SELECT topic, partition, "offset", key, headers, payload
FROM quarantine
WHERE id = $1::bigint;

-- name: lock_quarantined
-- The same, locked until the transaction ends, and whether it has been replayed. $1 id.
SELECT topic, partition, "offset", key, headers, payload, replayed_at IS NOT NULL AS is_replayed
FROM quarantine
WHERE id = $1::bigint
FOR UPDATE;

-- name: note_replay
-- $1 id, $2 the attempt under which it was sent.
UPDATE quarantine
SET replayed_at = now(), replay_attempt = $2::int
WHERE id = $1::bigint;

-- name: order_resume
-- The processes of the stage may go on.
INSERT INTO resume DEFAULT VALUES;
