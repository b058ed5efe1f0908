-- A Table 19 load: staged in chunks, applied as one transaction, one load after the other.

-- name: begin_staging
-- $1 load id, $2 mode, $3 authority, $4 whether it is forced, $5 the time. A load that is known
-- stays as it is.
INSERT INTO matching.career_load (load_id, mode, authority, force, state, received_at)
SELECT $1::uuid, $2::text, $3::text, $4::boolean, 'RECEIVED', $5::timestamptz
WHERE NOT EXISTS (SELECT 1 FROM matching.career_load WHERE load_id = $1::uuid);

-- name: keep_chunk
-- $1 load id, $2 index of the chunk, $3 its sealed bytes.
INSERT INTO matching.career_chunk (load_id, index, sealed)
SELECT l.load_id, $2::int, $3::bytea
FROM matching.career_load l
WHERE l.load_id = $1::uuid AND l.state = 'RECEIVED'
ON CONFLICT (load_id, index) DO NOTHING;

-- name: note_last_chunk
-- $1 load id, $2 how many chunks, $3 bytes and $4 sha256 of the whole upload.
UPDATE matching.career_load SET chunk_count = $2::int, total_bytes = $3::bigint, sha256 = $4::text
WHERE load_id = $1::uuid AND state = 'RECEIVED';

-- name: complete_if_all_are_there
-- A load of which every chunk is there waits for the loader from now on. $1 load id.
UPDATE matching.career_load l
SET chunks = c.chunks,
    completed_no = CASE WHEN c.chunks = l.chunk_count
                        THEN COALESCE(l.completed_no, nextval('matching.career_load_completed')) END
FROM (SELECT count(*)::int AS chunks FROM matching.career_chunk WHERE load_id = $1::uuid) c
WHERE l.load_id = $1::uuid AND l.state = 'RECEIVED';

-- name: take_unannounced
-- Batches of applied loads that nobody has been told of; from now on they have.
UPDATE matching.career_load SET announced = true
WHERE batch_id IS NOT NULL AND NOT announced
RETURNING batch_id;

-- name: waiting_load
-- The load that became complete first, and how many rows the authority's last snapshot had.
SELECT l.load_id, l.authority, l.mode, l.sha256, l.number, l.total_bytes, l.force, l.chunk_count,
       (SELECT b.rows
        FROM matching.career_load b
        WHERE b.authority = l.authority AND b.mode = 'snapshot' AND b.state = 'LOADED'
        ORDER BY b.completed_no DESC
        LIMIT 1) AS last_snapshot_rows
FROM matching.career_load l
WHERE l.state = 'RECEIVED' AND l.completed_no IS NOT NULL
ORDER BY l.completed_no
LIMIT 1;

-- name: take_load_lock
-- Whether the lock $1 is ours until the transaction ends.
SELECT pg_try_advisory_xact_lock($1::bigint) AS is_ours;

-- name: lock_waiting_load
-- The load $1, if it is still waiting.
SELECT load_id FROM matching.career_load
WHERE load_id = $1::uuid AND state = 'RECEIVED'
FOR UPDATE;

-- name: count_try
-- $1 load id.
UPDATE matching.career_load SET tries = tries + 1 WHERE load_id = $1::uuid RETURNING tries;

-- name: sealed_chunk
-- $1 load id, $2 index of the chunk.
SELECT sealed FROM matching.career_chunk WHERE load_id = $1::uuid AND index = $2::int;

-- name: give_memory
-- For the sorts of this transaction.
SET LOCAL work_mem = '64MB';

-- name: make_staging_table
-- Rows of the upload, put aside on disk.
CREATE TEMP TABLE load_row (
    token bigint NOT NULL,
    line bigint NOT NULL,
    state smallint NOT NULL,
    seq smallint NOT NULL,
    post_kind smallint NOT NULL,
    org text NOT NULL,
    start_day int NOT NULL,
    end_day int NOT NULL
) ON COMMIT DROP;

-- name: make_change_table
-- Careers as they will be; without posts: the authority's rows of the person go.
CREATE TEMP TABLE load_change (
    token bigint NOT NULL,
    newest_org text COLLATE "C" NOT NULL,
    seq smallint[] NOT NULL,
    org text[] NOT NULL,
    post_kind smallint[] NOT NULL,
    start_day int[] NOT NULL,
    end_day int[] NOT NULL
) ON COMMIT DROP;

-- name: analyze_staged
ANALYZE load_row;

-- name: staged_rows
SELECT token, line, state, seq, post_kind, org, start_day, end_day
FROM load_row
ORDER BY token, line;

-- name: careers_of_authority
-- A snapshot is compared with all that the authority $1 holds.
SELECT token, seq, org, post_kind, start_day, end_day
FROM matching.career
WHERE authority = $1::text
ORDER BY token;

-- name: listed_careers_of_authority
-- Changes are compared with what the authority $1 holds of the persons that they list.
SELECT token, seq, org, post_kind, start_day, end_day
FROM matching.career
WHERE authority = $1::text AND token IN (SELECT l.token FROM load_row l)
ORDER BY token;

-- name: write_careers
-- Of the authority $1.
INSERT INTO matching.career (token, authority, seq, org, post_kind, start_day, end_day)
SELECT token, $1::text, seq, org, post_kind, start_day, end_day
FROM load_change
WHERE cardinality(seq) > 0
ORDER BY token
ON CONFLICT (token, authority) DO UPDATE
SET seq = excluded.seq, org = excluded.org, post_kind = excluded.post_kind,
    start_day = excluded.start_day, end_day = excluded.end_day;

-- name: delete_careers
-- Of the authority $1.
DELETE FROM matching.career c USING load_change l
WHERE cardinality(l.seq) = 0 AND c.token = l.token AND c.authority = $1::text;

-- name: append_to_change_log
-- After the number $1, for the load with the number $2.
INSERT INTO matching.table19_change (change_no, token, load_no)
SELECT $1::bigint + row_number() OVER (ORDER BY newest_org, token), token, $2::bigint
FROM load_change;

-- name: end_load
-- $1 load id, $2 state, $3 reason ('' for none), $4 rows, $5 persons, $6 persons changed,
-- $7 persons kept, $8 rejected rows, $9 the time, $10 and $11 the first and the last number in the
-- change log, $12 the batch.
UPDATE matching.career_load
SET state = $2::text, reason = nullif($3::text, ''), rows = $4::bigint, persons = $5::bigint,
    persons_changed = $6::bigint, persons_kept = $7::bigint, rejected_count = $8::bigint,
    committed_at = CASE WHEN $2::text = 'LOADED' THEN $9::timestamptz END,
    first_change_no = $10::bigint, last_change_no = $11::bigint, batch_id = $12::bigint
WHERE load_id = $1::uuid;

-- name: note_ignored_columns
-- $1 load id, $2 names of columns.
UPDATE matching.career_load SET ignored_columns = $2::text[] WHERE load_id = $1::uuid;

-- name: delete_chunks
-- $1 load id.
DELETE FROM matching.career_chunk WHERE load_id = $1::uuid;

-- name: fail_load
-- $1 load id, $2 reason.
WITH ended AS (
    UPDATE matching.career_load SET state = 'FAILED', reason = $2::text
    WHERE state = 'RECEIVED' AND load_id = $1::uuid
    RETURNING load_id)
DELETE FROM matching.career_chunk c USING ended e WHERE c.load_id = e.load_id;

-- name: fail_broken_off_loads
-- Those whose upload began 24 hours before $1 and is not complete. $2 reason.
WITH ended AS (
    UPDATE matching.career_load SET state = 'FAILED', reason = $2::text
    WHERE state = 'RECEIVED' AND completed_no IS NULL
      AND received_at < $1::timestamptz - interval '24 hours'
    RETURNING load_id)
DELETE FROM matching.career_chunk c USING ended e WHERE c.load_id = e.load_id;

-- name: forget_old_changes
-- Entries of the change log of loads that ended 400 days before $1 and that every partition of the
-- topic $2 has seen.
DELETE FROM matching.table19_change
WHERE change_no <= (SELECT max(l.last_change_no)
                    FROM matching.career_load l
                    WHERE l.committed_at < $1::timestamptz - interval '400 days'
                      AND l.last_change_no <= (SELECT min(p.change_no)
                                               FROM matching.progress p
                                               WHERE p.topic = $2::text));
