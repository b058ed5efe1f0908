-- name: finding_changes
-- What opened and was fixed at the agency $1, behind the change $2, in the order in which it was
-- written down. $3 the most of them.
SELECT c.change_no, c.opened, c.submission_id, c.kind, c.index, c.pointer, c.record_no,
       c.record_seq, c.revision, c.code, c.severity, c.field, c.message, c.at, c.fixed_by
FROM notification.finding_change c
WHERE c.agency = $1::text AND c.change_no > $2::bigint
ORDER BY c.change_no
LIMIT $3::int;
