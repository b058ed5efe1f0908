-- Notices and the mails that follow from them.

-- name: write_notices
-- One row per notice in arrays: $1 kind, $2 agency, $3 submission id ('' if there is none),
-- $4 intent key, $5 text, $6 version, $7 time, $8 recipient ('' for no mail), $9 subject, $10 body,
-- $11 message id, $12 webhook ('' if there is none). An intent that is known keeps its notice and
-- its mail; a higher version replaces the text.
WITH incoming AS MATERIALIZED (
    SELECT DISTINCT ON (intent_key) kind, agency, NULLIF(submission_id, '')::uuid AS submission_id,
           intent_key, text, version, made_at, recipient, subject, body, message_id,
           NULLIF(webhook_id, '') AS webhook_id
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],
                $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
         AS i(kind, agency, submission_id, intent_key, text, version, made_at, recipient, subject,
              body, message_id, webhook_id)
    ORDER BY intent_key, version DESC
), made AS (
    INSERT INTO notification.notice
        (kind, agency, submission_id, webhook_id, intent_key, text, version, created_at)
    SELECT kind, agency, submission_id, webhook_id, intent_key, text, version, made_at
    FROM incoming
    ON CONFLICT (intent_key) DO NOTHING
    RETURNING id, intent_key
), raised AS (
    UPDATE notification.notice n SET version = i.version, text = i.text
    FROM incoming i WHERE n.intent_key = i.intent_key AND n.version < i.version
)
INSERT INTO notification.delivery
    (notice_id, recipient, subject, body, message_id, state, next_try_at)
SELECT m.id, i.recipient, i.subject, i.body, i.message_id, 'waiting', i.made_at
FROM made m JOIN incoming i USING (intent_key)
WHERE i.recipient <> '';

-- name: write_mails
-- Mails that belong to no notice, each once. In arrays: $1 recipient, $2 subject, $3 body, $4
-- message id, $5 time.
INSERT INTO notification.delivery
    (recipient, subject, body, message_id, state, next_try_at)
SELECT m.recipient, m.subject, m.body, m.message_id, 'waiting', m.made_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
     AS m(recipient, subject, body, message_id, made_at)
WHERE m.recipient <> ''
ON CONFLICT DO NOTHING;

-- name: lock_next_mail
-- The mail that has been due longest, of the recipient that comes next after $2 and has one that no
-- other process holds: recipients take turns. $1 now, $2 the recipient of the mail before ('' for
-- the first one of all).
SELECT number, recipient, subject, body, message_id, tries
FROM notification.delivery
WHERE state = 'waiting' AND recipient > $2::text AND next_try_at <= $1::timestamptz
ORDER BY recipient, next_try_at LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: note_mail
-- What came of trying a mail. $1 its number, $2 state, $3 when it was sent, $4 now, $5 pause in
-- seconds before the next try (spread by a quarter to both sides), $6 the server's reason, '' if
-- there is none.
UPDATE notification.delivery
SET state = $2::text, tries = tries + 1, sent_at = $3::timestamptz,
    next_try_at = $4::timestamptz + $5::int * (0.75 + random() / 2) * interval '1 second',
    last_error = NULLIF($6::text, '')
WHERE number = $1::bigint;
