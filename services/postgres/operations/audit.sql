-- name: list_audit
-- Newest first. $1 from, $2 before.
SELECT at, sub, agency, acting, action, object, result
FROM intake.audit
WHERE at >= $1::timestamptz AND at < $2::timestamptz
ORDER BY at DESC, id DESC;
