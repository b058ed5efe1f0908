-- Files of the archive that have to go through the stages again.

-- name: files_to_replay
-- Accepted files that the matcher does not have, that are not on their way to it and that it did
-- not give up; with the sealed content, in the order of their receipt. Behind the file ($1 time of
-- receipt, $2 submission id), $3 the most of them.
SELECT s.submission_id, s.agency, s.route, s.sha256, COALESCE(s.key_hash, '') AS key_hash,
       s.attempt, s.received_at, COALESCE(r.size_bytes, 0) AS size_bytes, a.sealed
FROM validation.submission s
JOIN validation.archive a USING (submission_id)
LEFT JOIN intake.receipt r USING (submission_id)
WHERE s.verdict = 'ACCEPTED'
  AND (s.received_at, s.submission_id) > ($1::timestamptz, $2::uuid)
  AND NOT EXISTS (SELECT FROM matching.file f WHERE f.submission_id = s.submission_id)
  AND NOT matching.has_given_up(s.submission_id, '10 minutes')
  AND NOT EXISTS (SELECT FROM validation.outbox o
                  WHERE o.event_id = s.submission_id::text || '/' || s.attempt)
ORDER BY s.received_at, s.submission_id
LIMIT $3::int;
