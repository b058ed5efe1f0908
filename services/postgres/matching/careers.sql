-- Table 19 for memory: the careers, and the log that says which have changed.

-- name: change_log_ends
-- The first number in the log and the last that was ever given, 0 if there is none. Old entries are
-- forgotten; the loads remember where the log ended.
SELECT greatest((SELECT COALESCE(max(change_no), 0) FROM matching.table19_change),
                (SELECT COALESCE(max(last_change_no), 0) FROM matching.career_load)) AS last,
       (SELECT COALESCE(min(change_no), 0) FROM matching.table19_change) AS first;

-- name: every_career
-- In the order of the token as an unsigned number, so that memory need not sort.
(SELECT token, authority, seq, org, post_kind, start_day, end_day
 FROM matching.career WHERE token >= 0 ORDER BY token, authority)
UNION ALL
(SELECT token, authority, seq, org, post_kind, start_day, end_day
 FROM matching.career WHERE token < 0 ORDER BY token, authority);

-- name: changed_persons
-- Those that the log names after $1.
SELECT DISTINCT token FROM matching.table19_change WHERE change_no > $1::bigint;

-- name: changed_careers
-- Of the persons that the log names after $1.
SELECT token, authority, seq, org, post_kind, start_day, end_day
FROM matching.career
WHERE token IN (SELECT token FROM matching.table19_change WHERE change_no > $1::bigint)
ORDER BY token, authority;
