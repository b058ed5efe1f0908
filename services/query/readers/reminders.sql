-- name: reminders
-- What was told to agencies that had not reported, newest first, behind the line ($1 time, $2
-- agency, $3 month); of the month $4, NULL for all, to the agencies $5.
-- for each :rows in 21 101 5001
SELECT r.agency, r.month, r.sent_at, r.sent_by
FROM portal.reminder r
WHERE r.sent_at <= $1::timestamptz AND (r.sent_at, r.agency, r.month) < ($1, $2::text, $3::int)
  AND ($4::int IS NULL OR r.month = $4)
  AND (r.agency IN (SELECT unnest($5::text[]))) IS TRUE
ORDER BY r.sent_at DESC, r.agency DESC, r.month DESC LIMIT :rows;
