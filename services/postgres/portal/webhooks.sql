-- Webhooks as the gateway keeps them. Who writes deliveries locks the webhook's row first.

-- name: lock_agency
-- Two webhooks that come at once are counted one after the other. $1 agency.
SELECT pg_advisory_xact_lock(hashtextextended('webhook ' || $1::text, 0));

-- name: add_webhook
-- Nothing if the agency has as many as it may. $1 id, $2 agency, $3 address, $4 events, $5 sealed
-- secret, $6 now, $7 how many an agency may have.
INSERT INTO portal.webhook (id, agency, url, events, secret_sealed, created_at)
SELECT $1::uuid, $2::text, $3::text, $4::text[], $5::bytea, $6::timestamptz
WHERE (SELECT count(*) FROM portal.webhook WHERE agency = $2) < $7::int
RETURNING id, agency, url, events, state, created_at, last_success_at, failing_since;

-- name: lock_webhook
-- $1 agency, $2 id.
SELECT id FROM portal.webhook
WHERE agency = $1::text AND id = $2::uuid
FOR NO KEY UPDATE;

-- name: change_webhook
-- Another address, or being enabled, begins without failures. $1 id; $2 address, $3 events, $4
-- whether it is active, each NULL to stay as it is; $5 now.
UPDATE portal.webhook
SET url = coalesce($2::text, url),
    events = coalesce($3::text[], events),
    failing_since = CASE WHEN $4::boolean AND disabled_at IS NOT NULL OR $2 <> url THEN NULL
                         ELSE failing_since END,
    disabled_at = CASE WHEN $4 THEN NULL WHEN NOT $4 THEN coalesce(disabled_at, $5::timestamptz)
                       ELSE disabled_at END
WHERE id = $1::uuid
RETURNING id, agency, url, events, state, created_at, last_success_at, failing_since;

-- name: give_up_waiting
-- $1 webhook.
UPDATE portal.webhook_delivery
SET state = 'given_up', next_at = NULL
WHERE webhook_id = $1::uuid AND state = 'waiting';

-- name: remove_webhook
-- Its deliveries go with it. $1 agency, $2 id.
DELETE FROM portal.webhook WHERE agency = $1::text AND id = $2::uuid RETURNING id;

-- name: rotate_secret
-- $1 agency, $2 id, $3 sealed secret, $4 until when the one before signs too.
UPDATE portal.webhook
SET previous_sealed = secret_sealed, previous_until = $4::timestamptz, secret_sealed = $3::bytea
WHERE agency = $1::text AND id = $2::uuid
RETURNING id;

-- name: add_test_delivery
-- $1 webhook, whose row is locked; $2 event, $3 body, $4 now.
WITH numbered AS (
    UPDATE portal.webhook SET last_n = last_n + 1 WHERE id = $1::uuid RETURNING last_n
)
INSERT INTO portal.webhook_delivery (webhook_id, n, event, body, next_at, created_at)
SELECT $1, last_n, $2::text, $3::text, $4::timestamptz, $4 FROM numbered
RETURNING n;

-- name: retry_delivery
-- One that has ended begins the schedule anew. $1 webhook, whose row is locked; $2 number, $3 now.
UPDATE portal.webhook_delivery
SET retries = CASE WHEN state = 'waiting' THEN retries ELSE 0 END,
    state = 'waiting', next_at = $3::timestamptz
WHERE webhook_id = $1::uuid AND n = $2::bigint
RETURNING n;

-- name: set_due
-- By the first delivery that waits. $1 webhook, whose row is locked.
UPDATE portal.webhook
SET due_at = (SELECT d.next_at FROM portal.webhook_delivery d
              WHERE d.webhook_id = $1::uuid AND d.state = 'waiting' ORDER BY d.n LIMIT 1)
WHERE id = $1;
