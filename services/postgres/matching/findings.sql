-- Findings with an identity: which are still open, and what the validator's tables add to them.

-- name: open_findings
-- Of the agencies $1.
SELECT submission_id, agency, identity, later_than
FROM matching.open_finding
WHERE agency = ANY($1::text[]);

-- name: delete_open_findings
-- Of the submissions $1.
DELETE FROM matching.open_finding WHERE submission_id = ANY($1::uuid[]);

-- name: rejected_findings
-- Rejected files of the agencies $1 that no batch has taken over yet, with the identities of their
-- findings.
SELECT s.submission_id, s.agency, s.received_at,
       COALESCE((SELECT array_agg(f.identity)
                 FROM validation.finding f
                 WHERE f.submission_id = s.submission_id AND f.identity IS NOT NULL),
                '{}') AS identity
FROM validation.submission s
WHERE s.agency = ANY($1::text[]) AND s.verdict = 'REJECTED_FILE'
  AND NOT EXISTS (SELECT 1 FROM matching.rejected_seen r WHERE r.submission_id = s.submission_id);

-- name: note_rejected_seen
-- The submissions $1 have been taken over.
INSERT INTO matching.rejected_seen (submission_id) SELECT unnest($1::uuid[]);

-- name: warned_lines
-- Identities of the lines of the submissions $1 that the validator has warned of.
SELECT submission_id, array_agg(identity) AS identity
FROM validation.finding
WHERE submission_id = ANY($1::uuid[]) AND severity = 1 AND identity IS NOT NULL
GROUP BY submission_id;
