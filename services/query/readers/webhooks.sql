-- Webhooks and what was sent to them.

-- name: webhooks_of_agency
-- The oldest first. $1 agency, $2 only those that fail.
SELECT id, agency, url, events, state, created_at, last_success_at, failing_since
FROM portal.webhook
WHERE agency = $1::text AND (state = 'failing' OR NOT $2::boolean)
ORDER BY created_at, id;

-- name: failing_webhooks
-- Of all agencies, those that have failed longest first, behind the line ($1 since when, $2 id).
-- for each :rows in 21 101 5001
SELECT id, agency, url, events, state, created_at, last_success_at, failing_since
FROM portal.webhook
WHERE state = 'failing' AND (failing_since, id) > ($1::timestamptz, $2::uuid)
ORDER BY failing_since, id LIMIT :rows;

-- name: one_webhook
-- $1 agency, $2 id.
SELECT id, agency, url, events, state, created_at, last_success_at, failing_since
FROM portal.webhook
WHERE agency = $1::text AND id = $2::uuid;

-- name: webhook_deliveries
-- Newest first, with a number below $3; one row without a number if there are none, no row if the
-- agency $1 has no webhook $2.
-- for each :rows in 21 101 5001
SELECT d.*
FROM portal.webhook w
LEFT JOIN LATERAL (
    SELECT n, event, state, next_at, attempt_status, attempt_error,
           ARRAY(SELECT (extract(epoch FROM a.at) * 1000000)::bigint
                 FROM unnest(attempt_at) WITH ORDINALITY AS a(at, place)
                 ORDER BY a.place) AS attempt_at
    FROM portal.webhook_delivery
    WHERE webhook_id = w.id AND n < $3::bigint
    ORDER BY n DESC LIMIT :rows) d ON true
WHERE w.agency = $1::text AND w.id = $2::uuid
ORDER BY d.n DESC;
