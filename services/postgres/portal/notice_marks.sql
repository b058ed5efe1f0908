-- Which notices a person has read.

-- name: agency_of_notice
-- $1 id.
SELECT agency FROM notification.notice WHERE id = $1::bigint;

-- name: mark_notice
-- $1 person, $2 agency acted for, $3 notice, $4 now.
INSERT INTO portal.notice_read (sub_hash, agency, notice_id, and_all_before, read_at)
VALUES ($1::text, $2::text, $3::bigint, false, $4::timestamptz)
ON CONFLICT (agency, sub_hash, notice_id) DO NOTHING;

-- name: mark_all_notices
-- $1 person, $2 agency acted for, $3 now.
INSERT INTO portal.notice_read AS r (sub_hash, agency, notice_id, and_all_before, read_at)
SELECT $1::text, $2::text, max(id), true, $3::timestamptz
FROM notification.notice
WHERE agency = $2::text
HAVING max(id) IS NOT NULL
ON CONFLICT (agency, sub_hash, notice_id) DO UPDATE
SET and_all_before = true
WHERE NOT r.and_all_before;
