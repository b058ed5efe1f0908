-- Events on their way into the queues of webhooks, within their caller's transaction. A caller
-- needs to read and to update (last_n, due_at) of portal.webhook, and to read and insert
-- deliveries; webhook_finished needs the two tables that it reads.

-- name: webhook_listening
-- $1 agencies.
SELECT DISTINCT agency FROM portal.webhook
WHERE agency = ANY ($1::text[]) AND disabled_at IS NULL;

-- name: webhook_finished
-- $1 submissions.
SELECT s.submission_id, s.data_month, f.total, f.invalid, f.unchanged, f.stale, f.deletion,
       f.superseded, f.unmatched, f.counted
FROM validation.submission s
LEFT JOIN matching.file f ON f.submission_id = s.submission_id
WHERE s.submission_id = ANY ($1::uuid[]);

-- name: webhook_lock
-- $1 agencies.
SELECT id FROM portal.webhook
WHERE agency = ANY ($1::text[]) AND disabled_at IS NULL
ORDER BY id
FOR NO KEY UPDATE;

-- name: webhook_add_events
-- The webhooks' rows are locked. One row per event in arrays, in the order in which they happened:
-- $1 agency, $2 event, $3 key, $4 body; $5 time of each. $6 webhooks.
WITH incoming AS (
    SELECT DISTINCT ON (agency, key) agency, event, key, body, at, place
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
         WITH ORDINALITY AS i(agency, event, key, body, at, place)
    ORDER BY agency, key, place
), wanted AS (
    SELECT w.id, w.last_n + row_number() OVER (PARTITION BY w.id ORDER BY i.place) AS n,
           i.event, i.key, i.body, i.at
    FROM portal.webhook w JOIN incoming i ON i.agency = w.agency AND i.event = ANY (w.events)
    WHERE w.id = ANY ($6::uuid[])
      AND NOT EXISTS (SELECT FROM portal.webhook_delivery d
                      WHERE d.webhook_id = w.id AND d.event_key = i.key)
), added AS (
    INSERT INTO portal.webhook_delivery (webhook_id, n, event, event_key, body, next_at, created_at)
    SELECT id, n, event, key, body, at, at FROM wanted
)
UPDATE portal.webhook w
SET last_n = x.last_n, due_at = coalesce(w.due_at, x.at)
FROM (SELECT id, max(n) AS last_n, min(at) AS at FROM wanted GROUP BY id) x
WHERE w.id = x.id;
