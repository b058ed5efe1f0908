-- The audit and its chain.

-- name: list_audit
-- Newest first. $1 from, $2 before.
SELECT at, sub, agency, acting, action, object, result, day, number, hash
FROM intake.audit
WHERE at >= $1::timestamptz AND at < $2::timestamptz
ORDER BY at DESC, id DESC;

-- name: every_audit_day
-- In the order in which they began; days that only lines know come first.
SELECT day, COALESCE(d.ordinal, 0) AS ordinal, COALESCE(d.lines, 0) AS lines,
       COALESCE(d.head, '') AS head, COALESCE(d.anchor, '') AS anchor
FROM intake.audit_day d
FULL JOIN (SELECT DISTINCT day FROM intake.audit) a USING (day)
ORDER BY d.ordinal NULLS FIRST, day;

-- name: audit_lines_of_day
-- Of the day $1, by number.
SELECT at, sub, agency, acting, action, object, result, day, number, hash
FROM intake.audit
WHERE day = $1::date
ORDER BY number;

-- name: sender_of_file
-- $1 submission id.
SELECT agency, received_at, COALESCE(sub_hash, '') AS sub_hash,
       COALESCE(sealed_name, '') AS sealed_name
FROM intake.receipt
WHERE submission_id = $1::uuid;
