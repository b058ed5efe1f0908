-- Which notices a person has read.

-- name: agency_of_notice
-- $1 id.
SELECT agency FROM notification.notice WHERE id = $1::bigint;

-- name: mark_notice
-- $1 person, $2 agency acted for, $3 notice, $4 now.
INSERT INTO portal.notice_read (sub_hash, agency, notice_id, read_at)
VALUES ($1::text, $2::text, $3::bigint, $4::timestamptz)
ON CONFLICT (sub_hash, agency, notice_id) DO NOTHING;

-- name: mark_all_notices
-- $1 person, $2 agency acted for, $3 now.
INSERT INTO portal.notice_read (sub_hash, agency, notice_id, read_at)
SELECT $1::text, $2::text, id, $3::timestamptz
FROM notification.notice
WHERE agency = $2::text
ON CONFLICT (sub_hash, agency, notice_id) DO NOTHING;
