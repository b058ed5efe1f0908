-- Receipts, idempotency keys, how far file.received has been read, audit lines, uploads of Table
-- 19, receipt keys. The sessions that run these plan each statement once, whatever the number of
-- rows.

-- name: reserve_keys
-- Takes keys that are free or were reserved too long ago. In arrays: $1 agency, $2 key hash, $3
-- submission id, $4 SHA-256, $5 time; $6 reservations made before it are forgotten.
INSERT INTO intake.idempotency_key AS k (agency, key_hash, submission_id, sha256, reserved_at)
SELECT agency, key_hash, submission_id, sha256, reserved_at
FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[])
     AS w(agency, key_hash, submission_id, sha256, reserved_at)
ORDER BY agency, key_hash
ON CONFLICT (agency, key_hash) DO UPDATE
SET submission_id = excluded.submission_id,
    sha256 = excluded.sha256,
    reserved_at = excluded.reserved_at
WHERE k.reserved_at < $6::timestamptz;

-- name: answer_reservations
-- One row per wish, in order: whether its key stands for other bytes, and the receipt if the
-- same bytes have been taken. In arrays: $1 agency, $2 key hash, $3 SHA-256, $4 submission id.
SELECT k.sha256 IS NOT NULL AND k.sha256 <> w.sha256 AS has_other_content,
       r.submission_id, r.agency, r.file_name, r.route, r.size_bytes, r.sha256, r.received_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY
     AS w(agency, key_hash, sha256, submission_id, n)
LEFT JOIN intake.idempotency_key k ON k.agency = w.agency AND k.key_hash = w.key_hash
LEFT JOIN intake.receipt r ON r.submission_id = w.submission_id AND r.sha256 = w.sha256
ORDER BY w.n;

-- name: release_keys
-- Gives back keys of files that were not taken. In arrays: $1 agency, $2 key hash, $3 submission
-- id.
DELETE FROM intake.idempotency_key k
USING unnest($1::text[], $2::text[], $3::uuid[]) AS w(agency, key_hash, submission_id)
WHERE k.agency = w.agency AND k.key_hash = w.key_hash AND k.submission_id = w.submission_id
  AND NOT EXISTS (SELECT FROM intake.receipt r WHERE r.submission_id = k.submission_id);

-- name: drop_reservations
-- Some thousands of those that were made before $1.
DELETE FROM intake.idempotency_key
WHERE (agency, key_hash) IN (
    SELECT agency, key_hash
    FROM intake.idempotency_key
    WHERE reserved_at < $1::timestamptz
    LIMIT 5000
);

-- name: store_receipts
-- What stands stays. In arrays: $1 submission id, $2 agency, $3 file name, $4 route, $5 bytes,
-- $6 SHA-256, $7 time of receipt, $8 partition, $9 offset, $10 keyed hash of the sender's sub,
-- $11 the sender's sealed name ('' if not known).
INSERT INTO intake.receipt
    (submission_id, agency, file_name, route, size_bytes, sha256, received_at, partition, "offset",
     sub_hash, sealed_name)
SELECT submission_id, agency, file_name, route, size_bytes, sha256, received_at, partition,
       taken_at, NULLIF(sub_hash, ''), NULLIF(sealed_name, '')
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[],
            $7::timestamptz[], $8::int[], $9::bigint[], $10::text[], $11::bytea[])
     AS f(submission_id, agency, file_name, route, size_bytes, sha256, received_at, partition,
          taken_at, sub_hash, sealed_name)
ORDER BY submission_id
ON CONFLICT (submission_id) DO NOTHING;

-- name: store_keys
-- Keys of stored receipts; what stands stays. In arrays: $1 agency, $2 key hash, $3 submission
-- id, $4 SHA-256, $5 time of receipt.
INSERT INTO intake.idempotency_key (agency, key_hash, submission_id, sha256, reserved_at)
SELECT agency, key_hash, submission_id, sha256, reserved_at
FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[])
     AS k(agency, key_hash, submission_id, sha256, reserved_at)
ORDER BY agency, key_hash
ON CONFLICT (agency, key_hash) DO NOTHING;

-- name: move_progress
-- Partitions only move forward. In arrays: $1 partition, $2 next offset.
INSERT INTO intake.progress (partition, next_offset)
SELECT partition, next_offset
FROM unnest($1::int[], $2::bigint[]) AS p(partition, next_offset)
ORDER BY partition
ON CONFLICT (partition) DO UPDATE
SET next_offset = greatest(progress.next_offset, excluded.next_offset);

-- name: read_progress
SELECT partition, next_offset
FROM intake.progress;

-- name: lock_audit
-- Whoever extends the chain waits for who extends it now, in whichever process.
SELECT pg_advisory_xact_lock(hashtextextended('intake.audit', 0));

-- name: audit_days
-- Of the days $1 (since 1970-01-01), and the day that began last.
SELECT day, ordinal, lines, head, anchor
FROM intake.audit_day
WHERE day IN (SELECT date '1970-01-01' + d FROM unnest($1::int[]) AS d)
   OR ordinal = (SELECT max(ordinal) FROM intake.audit_day);

-- name: write_audit
-- In arrays: $1 time, $2 subject of the token, $3 agency, $4 agency acted for, $5 action, $6
-- object, $7 result, $8 day since 1970-01-01, $9 number, $10 hash.
INSERT INTO intake.audit (at, sub, agency, acting, action, object, result, day, number, hash)
SELECT at, sub, agency, acting, action, object, result, date '1970-01-01' + day, number, hash
FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
            $7::text[], $8::int[], $9::int[], $10::bytea[])
     AS a(at, sub, agency, acting, action, object, result, day, number, hash);

-- name: write_audit_days
-- In arrays: $1 day since 1970-01-01, $2 ordinal, $3 lines, $4 head, $5 anchor.
INSERT INTO intake.audit_day (day, ordinal, lines, head, anchor)
SELECT date '1970-01-01' + day, ordinal, lines, head, anchor
FROM unnest($1::int[], $2::int[], $3::int[], $4::bytea[], $5::text[])
     AS d(day, ordinal, lines, head, anchor)
ON CONFLICT (day) DO UPDATE
SET lines = excluded.lines, head = excluded.head, anchor = excluded.anchor;

-- name: add_career_upload
-- $1 load id, $2 authority, $3 mode, $4 whether it is forced, $5 bytes, $6 time of receipt.
INSERT INTO intake.career_load (load_id, authority, mode, force, size_bytes, received_at)
VALUES ($1::uuid, $2::text, $3::text, $4::boolean, $5::bigint, $6::timestamptz)
ON CONFLICT (load_id) DO NOTHING;

-- name: knows_agency
-- $1 the agency's code.
SELECT EXISTS (SELECT FROM registry.agency_version WHERE org_code = $1::text) AS is_known;
