-- Sessions of people logged in with a browser.

-- name: add_session
-- $1 id, $2 issuer, $3 person, $4 session of the issuer, $5 to $7 sealed access, refresh and ID
-- token, $8 end of the access token, $9 now, $10 idle end, $11 end.
INSERT INTO portal.session
    (id_hash, issuer, sub_hash, sid_hash, access_sealed, refresh_sealed, id_token_sealed,
     access_ends_at, created_at, idle_until, ends_at)
VALUES ($1::bytea, $2::text, $3::text, nullif($4::text, ''), $5::bytea, nullif($6::bytea, ''),
        $7::bytea, $8::timestamptz, $9::timestamptz, $10::timestamptz, $11::timestamptz);

-- name: find_session
-- $1 id, $2 now.
SELECT issuer, sub_hash, sid_hash, access_sealed, refresh_sealed, id_token_sealed, access_ends_at,
       created_at, idle_until, ends_at
FROM portal.session
WHERE id_hash = $1::bytea AND idle_until > $2::timestamptz AND ends_at > $2::timestamptz;

-- name: touch_session
-- The same, and moves its idle end. $1 id, $2 now, $3 idle end.
UPDATE portal.session
SET idle_until = greatest(idle_until, least($3::timestamptz, ends_at))
WHERE id_hash = $1::bytea AND idle_until > $2::timestamptz AND ends_at > $2::timestamptz
RETURNING issuer, sub_hash, sid_hash, access_sealed, refresh_sealed, id_token_sealed,
          access_ends_at, created_at, idle_until, ends_at;

-- name: lock_tokens
SELECT access_sealed, refresh_sealed, id_token_sealed, access_ends_at
FROM portal.session
WHERE id_hash = $1::bytea
FOR UPDATE;

-- name: store_tokens
-- $1 id, $2 to $4 sealed access, refresh and ID token, $5 end of the access token.
UPDATE portal.session
SET access_sealed = $2::bytea,
    refresh_sealed = nullif($3::bytea, ''),
    id_token_sealed = $4::bytea,
    access_ends_at = $5::timestamptz
WHERE id_hash = $1::bytea;

-- name: remove_session
DELETE FROM portal.session
WHERE id_hash = $1::bytea
RETURNING issuer, sub_hash, sid_hash, access_sealed, refresh_sealed, id_token_sealed,
          access_ends_at, created_at, idle_until, ends_at;

-- name: note_logout_token
-- One row if it is new. $1 its id, $2 now.
INSERT INTO portal.logout_token (id_hash, seen_at)
VALUES ($1::bytea, $2::timestamptz)
ON CONFLICT (id_hash) DO NOTHING
RETURNING id_hash;

-- name: remove_sessions_of_sid
DELETE FROM portal.session WHERE issuer = $1::text AND sid_hash = $2::text;

-- name: remove_sessions_of_sub
DELETE FROM portal.session WHERE issuer = $1::text AND sub_hash = $2::text;

-- name: sweep_sessions
DELETE FROM portal.session WHERE ends_at <= $1::timestamptz OR idle_until <= $1::timestamptz;

-- name: sweep_logout_tokens
DELETE FROM portal.logout_token WHERE seen_at < $1::timestamptz;
