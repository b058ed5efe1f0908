-- Verdicts, earlier files, and accepted files that the matcher never got.

-- name: forget_verdicts
-- What an earlier judgement of the same files left. $1 submission ids.
WITH no_submission AS (
    DELETE FROM validation.submission WHERE submission_id = ANY ($1::uuid[])
), no_finding AS (
    DELETE FROM validation.finding WHERE submission_id = ANY ($1::uuid[])
), no_group AS (
    DELETE FROM validation.finding_group WHERE submission_id = ANY ($1::uuid[])
)
DELETE FROM validation.archive WHERE submission_id = ANY ($1::uuid[]);

-- name: earlier_files
-- One row per file asked about: its place from 1, the batch number of the first accepted file of
-- the same agency with the same bytes, and whether its key came with other bytes. A file that
-- the matcher has quarantined, and that was not replayed, is no earlier file. A file that is
-- judged again only has earlier files that were received before. In arrays: $1 submission id, $2
-- agency, $3 SHA-256, $4 key hash ('' if there is none), $5 time of receipt, $6 judged again (0
-- or 1).
SELECT q.place, s.batch_no, s.submission_id IS NOT NULL AS is_repeated,
       EXISTS (
           SELECT 1
           FROM intake.idempotency_key k
           WHERE q.key_hash <> '' AND k.agency = q.agency AND k.key_hash = q.key_hash
             AND k.sha256 <> q.sha256)
       OR EXISTS (
           SELECT 1
           FROM validation.submission e
           WHERE q.key_hash <> '' AND e.agency = q.agency AND e.key_hash = q.key_hash
             AND e.sha256 <> q.sha256 AND e.submission_id <> q.id
             AND e.received_at > q.received_at - interval '90 days'
             AND (NOT q.again OR e.received_at < q.received_at))
       AS key_had_other_content
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
            $6::smallint[]) WITH ORDINALITY
     AS u(id, agency, sha256, key_hash, received_at, again, place)
CROSS JOIN LATERAL (
    SELECT u.id, u.agency, u.sha256, u.key_hash, u.received_at, u.again <> 0 AS again, u.place
) q
LEFT JOIN LATERAL (
    SELECT e.submission_id, e.batch_no
    FROM validation.submission e
    WHERE e.agency = q.agency AND e.sha256 = q.sha256 AND e.submission_id <> q.id
      AND e.verdict = 'ACCEPTED'
      AND (NOT q.again OR e.received_at < q.received_at)
      AND NOT matching.has_given_up(e.submission_id)
    ORDER BY e.received_at
    LIMIT 1
) s ON true
ORDER BY q.place;

-- name: settled_until
-- Up to when the matcher has every accepted file of a partition. $1 partition, $2 from, $3
-- before.
SELECT COALESCE(min(s.validated_at), $3::timestamptz) AS settled_until
FROM validation.submission s
WHERE s.partition = $1::int AND s.verdict = 'ACCEPTED'
  AND s.validated_at >= $2::timestamptz AND s.validated_at < $3::timestamptz
  AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.submission_id = s.submission_id);

-- name: lost_files
-- Accepted files of a partition that are neither at the matcher nor on their way to it, oldest
-- first. $1 partition, $2 validated from, $3 before, $4 the most of them, $5 the topic whose
-- partition it is.
SELECT s.submission_id, s.agency, s.route, s.sha256, COALESCE(s.key_hash, '') AS key_hash,
       s.attempt, s.received_at, s.validated_at, a.sealed
FROM validation.submission s
JOIN validation.archive a USING (submission_id)
WHERE s.partition = $1::int AND s.verdict = 'ACCEPTED'
  AND s.validated_at >= $2::timestamptz AND s.validated_at < $3::timestamptz
  AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.submission_id = s.submission_id)
  AND NOT matching.has_given_up(s.submission_id, '10 minutes')
  AND NOT EXISTS (
          SELECT 1
          FROM validation.outbox o
          WHERE o.input_topic = $5::text AND o.input_partition = $1::int
            AND o.event_id = s.submission_id::text || '/' || s.attempt)
  AND NOT EXISTS (
          SELECT 1
          FROM validation.outbox_dead d
          WHERE d.event_id = s.submission_id::text || '/' || s.attempt)
ORDER BY s.validated_at
LIMIT $4::int;
