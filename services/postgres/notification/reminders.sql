-- Reminders (催報) that supervisors have sent.

-- name: take_reminders
-- Those that wait to be told, oldest first; what is given counts as told. $1 the most of them.
UPDATE portal.reminder r SET to_be_told = false
FROM (SELECT w.agency, w.month, w.day
      FROM portal.reminder w
      WHERE w.to_be_told
      ORDER BY w.sent_at, w.agency, w.month
      LIMIT $1::int
      FOR UPDATE SKIP LOCKED) w
WHERE (r.agency, r.month, r.day) = (w.agency, w.month, w.day)
RETURNING r.agency, r.month, r.sent_at, r.sent_by;
