-- Notices, and which of them a person has read for the agency acted for: $2 agency acted for, $3
-- the person. A mark stands for one notice, or for it and every notice of that agency before it.

-- name: notices_of_few
-- Newest first, with an id below $1, of the agencies $4. Every row carries the number of unread
-- notices of the agency acted for.
-- for each :rows in 21 101 5001
SELECT t.unread, x.*
FROM (
    SELECT count(*) AS unread FROM notification.notice n
    WHERE n.agency = $2::text
      AND n.id > COALESCE((SELECT max(m.notice_id) FROM portal.notice_read m
                           WHERE m.agency = $2 AND m.sub_hash = $3::text AND m.and_all_before), 0)
      AND NOT EXISTS (SELECT FROM portal.notice_read m
                      WHERE m.agency = $2 AND m.sub_hash = $3 AND m.notice_id = n.id)) t
LEFT JOIN (
    SELECT x.*,
           LEAST((SELECT m.read_at FROM portal.notice_read m
                  WHERE m.agency = $2 AND m.sub_hash = $3 AND m.notice_id = x.id),
                 (SELECT min(m.read_at) FROM portal.notice_read m
                  WHERE m.agency = $2 AND m.sub_hash = $3 AND m.and_all_before
                    AND m.notice_id > x.id AND x.agency = $2)) AS read_at
    FROM (
        SELECT x.* FROM unnest($4::text[]) AS a(agency)
        CROSS JOIN LATERAL (
            SELECT n.id, n.kind, n.agency, n.month, n.webhook_id, n.submission_id, n.text,
                   n.created_at
            FROM notification.notice n WHERE n.agency = a.agency AND n.id < $1::bigint
            ORDER BY n.id DESC LIMIT :rows) x
        ORDER BY x.id DESC LIMIT :rows) x) x ON true
ORDER BY x.id DESC;

-- name: notices_of_many
-- The same, $4 NULL for all agencies.
-- for each :rows in 21 101 5001
SELECT t.unread, x.*
FROM (
    SELECT count(*) AS unread FROM notification.notice n
    WHERE n.agency = $2::text
      AND n.id > COALESCE((SELECT max(m.notice_id) FROM portal.notice_read m
                           WHERE m.agency = $2 AND m.sub_hash = $3::text AND m.and_all_before), 0)
      AND NOT EXISTS (SELECT FROM portal.notice_read m
                      WHERE m.agency = $2 AND m.sub_hash = $3 AND m.notice_id = n.id)) t
LEFT JOIN (
    SELECT x.*,
           LEAST((SELECT m.read_at FROM portal.notice_read m
                  WHERE m.agency = $2 AND m.sub_hash = $3 AND m.notice_id = x.id),
                 (SELECT min(m.read_at) FROM portal.notice_read m
                  WHERE m.agency = $2 AND m.sub_hash = $3 AND m.and_all_before
                    AND m.notice_id > x.id AND x.agency = $2)) AS read_at
    FROM (
        SELECT n.id, n.kind, n.agency, n.month, n.webhook_id, n.submission_id, n.text,
               n.created_at
        FROM notification.notice n
        WHERE n.id < $1::bigint
          AND ($4::text[] IS NULL OR (n.agency IN (SELECT unnest($4))) IS TRUE)
        ORDER BY n.id DESC LIMIT :rows) x) x ON true
ORDER BY x.id DESC;

-- name: unread_notices
-- Of the agency acted for alone, newest first, with an id below $1.
-- for each :rows in 21 101 5001
WITH unread AS (
    SELECT n.id FROM notification.notice n
    WHERE n.agency = $2::text
      AND n.id > COALESCE((SELECT max(m.notice_id) FROM portal.notice_read m
                           WHERE m.agency = $2 AND m.sub_hash = $3::text AND m.and_all_before), 0)
      AND NOT EXISTS (SELECT FROM portal.notice_read m
                      WHERE m.agency = $2 AND m.sub_hash = $3 AND m.notice_id = n.id)
)
SELECT t.unread, x.*
FROM (SELECT count(*) AS unread FROM unread) t
LEFT JOIN (
    SELECT n.id, n.kind, n.agency, n.month, n.webhook_id, n.submission_id, n.text, n.created_at,
           NULL::timestamptz AS read_at
    FROM notification.notice n JOIN unread USING (id)
    WHERE n.id < $1::bigint ORDER BY n.id DESC LIMIT :rows) x ON true
ORDER BY x.id DESC;
