-- name: notices_of_few
-- Newest first, with an id below $1, of the agencies $2.
-- for each :rows in 21 101 5001
SELECT x.* FROM unnest($2::text[]) AS a(agency)
CROSS JOIN LATERAL (
    SELECT n.id, n.kind, n.submission_id, n.text, n.created_at, n.read_at
    FROM notification.notice n WHERE n.agency = a.agency AND n.id < $1::bigint
    ORDER BY n.id DESC LIMIT :rows) x
ORDER BY x.id DESC LIMIT :rows;

-- name: notices_of_many
-- The same, $2 NULL for all agencies.
-- for each :rows in 21 101 5001
SELECT n.id, n.kind, n.submission_id, n.text, n.created_at, n.read_at
FROM notification.notice n
WHERE n.id < $1::bigint AND ($2::text[] IS NULL OR (n.agency IN (SELECT unnest($2))) IS TRUE)
ORDER BY n.id DESC LIMIT :rows;
