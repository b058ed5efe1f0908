-- Reminders (催報).

-- name: write_reminders
-- The agencies $1 that nobody has reminded of the month $2 on the day $3; $4 now, $5 the agency
-- whose supervisor sends. Gives those that are written down.
INSERT INTO portal.reminder (agency, month, day, sent_at, sent_by, to_be_told)
SELECT a.agency, $2::int, $3::date, $4::timestamptz, $5::text, true
FROM unnest($1::text[]) AS a(agency)
ORDER BY a.agency
ON CONFLICT DO NOTHING
RETURNING agency;
