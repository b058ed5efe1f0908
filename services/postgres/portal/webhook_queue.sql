-- The queues of webhooks as the sender works through them. A turn is a lease and no open
-- transaction: a receiver that is slow must hold up neither the stage nor an upgrade.

-- name: take_turn
-- Of the webhook that has been due longest and that no sender has. Receivers that hang must not
-- hold up those of others: an agency has two senders at most, and all webhooks that fail have $3.
-- $1 now, $2 seconds that the turn may take, by the clock of the database.
UPDATE portal.webhook
SET lease = lease + 1, leased_until = clock_timestamp() + $2::int * interval '1 second'
WHERE id = (
    SELECT w.id FROM portal.webhook w
    WHERE w.due_at <= $1::timestamptz AND w.disabled_at IS NULL
      AND (w.leased_until IS NULL OR w.leased_until < clock_timestamp())
      AND (SELECT count(*) FROM portal.webhook b
           WHERE b.agency = w.agency AND b.leased_until >= clock_timestamp()) < 2
      AND (w.failing_since IS NULL
           OR (SELECT count(*) FROM portal.webhook b
               WHERE b.failing_since IS NOT NULL AND b.leased_until >= clock_timestamp())
              < $3::int)
    ORDER BY w.failing_since IS NOT NULL, w.due_at LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id, agency, url, lease, failing_since, secret_sealed,
          CASE WHEN previous_until > $1 THEN previous_sealed END AS previous_sealed;

-- name: first_waiting
-- $1 webhook, $2 now.
SELECT n, body, retries, next_at <= $2::timestamptz AS is_due
FROM portal.webhook_delivery
WHERE webhook_id = $1::uuid AND state = 'waiting'
ORDER BY n LIMIT 1;

-- name: lock_turn
-- $1 webhook, $2 lease. No row: it was taken by somebody else, or removed.
SELECT id, disabled_at IS NULL AS is_enabled FROM portal.webhook
WHERE id = $1::uuid AND lease = $2::bigint
FOR NO KEY UPDATE;

-- name: note_attempt
-- What was given up meanwhile stays so unless it was delivered. $1 webhook, $2 number, $3 state, $4
-- when it is due again, $5 retries used up, $6 now, $7 status, $8 error, $9 how many attempts are
-- kept.
UPDATE portal.webhook_delivery
SET state = CASE WHEN state = 'waiting' OR $3::text = 'delivered' THEN $3 ELSE state END,
    next_at = CASE WHEN state = 'waiting' THEN $4::timestamptz END,
    retries = $5::int,
    attempt_at = (attempt_at || $6::timestamptz)[(cardinality(attempt_at) + 2 - $9::int):],
    attempt_status = (attempt_status || $7::int)[(cardinality(attempt_status) + 2 - $9):],
    attempt_error = (attempt_error || $8::text)[(cardinality(attempt_error) + 2 - $9):]
WHERE webhook_id = $1::uuid AND n = $2::bigint;

-- name: give_up_all
-- $1 webhook.
UPDATE portal.webhook_delivery
SET state = 'given_up', next_at = NULL
WHERE webhook_id = $1::uuid AND state = 'waiting';

-- name: end_turn
-- The webhook goes behind those that have been due longer. $1 webhook, $2 now, $3 whether
-- something was delivered, $4 whether something failed, $5 whether it is disabled by this.
UPDATE portal.webhook
SET leased_until = NULL,
    due_at = (SELECT greatest(d.next_at, $2::timestamptz) FROM portal.webhook_delivery d
              WHERE d.webhook_id = $1::uuid AND d.state = 'waiting' ORDER BY d.n LIMIT 1),
    last_success_at = CASE WHEN $3::boolean THEN $2 ELSE last_success_at END,
    failing_since = CASE WHEN $3 THEN NULL WHEN $4::boolean THEN coalesce(failing_since, $2)
                         ELSE failing_since END,
    disabled_at = CASE WHEN $5::boolean THEN coalesce(disabled_at, $2) ELSE disabled_at END
WHERE id = $1;

-- name: sweep_deliveries
-- $1 time before which they were made, $2 how many.
DELETE FROM portal.webhook_delivery
WHERE (webhook_id, n) IN (
    SELECT webhook_id, n FROM portal.webhook_delivery
    WHERE created_at < $1::timestamptz AND state <> 'waiting'
    ORDER BY created_at LIMIT $2::int);
