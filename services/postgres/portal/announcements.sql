-- Announcements and their attachments.

-- name: list_announcements
-- Newest first. $1 also those for members, $2 also those that are not shown now, $3 now, $4 and $5
-- time and id of the one before (NULL for the first page), $6 how many.
SELECT id, title, for_members, published_at, expires_at
FROM portal.announcement
WHERE ($1::boolean OR NOT for_members)
  AND ($2::boolean OR published_at <= $3::timestamptz
                      AND coalesce(expires_at > $3::timestamptz, true))
  AND ($4::timestamptz IS NULL OR (published_at, id) < ($4::timestamptz, $5::bigint))
ORDER BY published_at DESC, id DESC
LIMIT $6::int;

-- name: find_announcement
-- $1 id, $2 also one for members, $3 also one that is not shown now, $4 now.
SELECT id, title, body, for_members, published_at, expires_at
FROM portal.announcement
WHERE id = $1::bigint AND ($2::boolean OR NOT for_members)
  AND ($3::boolean OR published_at <= $4::timestamptz
                      AND coalesce(expires_at > $4::timestamptz, true));

-- name: list_attachments
-- $1 ids of announcements.
SELECT announcement_id, n, file_name, media_type, size_bytes
FROM portal.attachment
WHERE announcement_id = ANY ($1::bigint[])
ORDER BY announcement_id, n;

-- name: add_announcement
-- $1 title, $2 body, $3 whether it is for members, $4 time of publication, $5 end.
INSERT INTO portal.announcement (title, body, for_members, published_at, expires_at)
VALUES ($1::text, $2::text, $3::boolean, $4::timestamptz, $5::timestamptz)
RETURNING id;

-- name: change_announcement
-- $1 to $5 as above, $6 id.
UPDATE portal.announcement
SET title = $1::text,
    body = $2::text,
    for_members = $3::boolean,
    published_at = $4::timestamptz,
    expires_at = $5::timestamptz
WHERE id = $6::bigint
RETURNING id;

-- name: remove_announcement
-- Its attachments go with it. $1 id.
DELETE FROM portal.announcement WHERE id = $1::bigint RETURNING id;

-- name: lock_announcement
-- Two attachments that come at once are counted one after the other. $1 id.
SELECT id FROM portal.announcement WHERE id = $1::bigint FOR UPDATE;

-- name: count_attachments
-- $1 id of the announcement.
SELECT count(*) AS attachments FROM portal.attachment WHERE announcement_id = $1::bigint;

-- name: next_attachment
-- $1 id of the announcement.
UPDATE portal.announcement
SET last_attachment = last_attachment + 1
WHERE id = $1::bigint
RETURNING last_attachment;

-- name: add_attachment
-- $1 announcement, $2 number, $3 file name, $4 media type, $5 bytes.
INSERT INTO portal.attachment (announcement_id, n, file_name, media_type, size_bytes)
VALUES ($1::bigint, $2::int, $3::text, $4::text, $5::int);

-- name: add_piece
-- $1 announcement, $2 number, $3 piece, $4 content.
INSERT INTO portal.attachment_piece (announcement_id, n, piece, content)
VALUES ($1::bigint, $2::int, $3::int, $4::bytea);

-- name: remove_attachment
-- $1 announcement, $2 number.
DELETE FROM portal.attachment WHERE announcement_id = $1::bigint AND n = $2::int RETURNING n;

-- name: find_attachment
-- $1 announcement, $2 number.
SELECT announcement_id, n, file_name, media_type, size_bytes
FROM portal.attachment
WHERE announcement_id = $1::bigint AND n = $2::int;

-- name: read_piece
-- $1 announcement, $2 number, $3 piece.
SELECT content
FROM portal.attachment_piece
WHERE announcement_id = $1::bigint AND n = $2::int AND piece = $3::int;
