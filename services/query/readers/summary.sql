-- name: summary
-- The last submission of each agency of $1, and when counts changed last; one row at least.
SELECT l.*, u.updated_at
FROM statistics.last_update u
LEFT JOIN (
    SELECT s.*
    FROM unnest($1::text[]) AS a(agency)
    CROSS JOIN LATERAL (
        SELECT r.submission_id FROM intake.receipt r WHERE r.agency = a.agency
        ORDER BY r.received_at DESC, r.submission_id DESC LIMIT 1) x
    JOIN query.submission s USING (submission_id)) l ON true;
