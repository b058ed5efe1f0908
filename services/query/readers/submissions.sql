-- Submissions. A list over a set of agencies is read in one of two ways, and both are written so
-- that an index gives the order and reading stops at the page's end: a few agencies each in their
-- own order, merged; or all submissions in the order of time with those of other agencies left out
-- (NULL: none is left out). `(… IN (SELECT unnest(…))) IS TRUE` is a look-up in a hash table; a
-- join, whose size the planner cannot know, would compare each with each.

-- name: submission
-- $1 submission id.
SELECT * FROM query.submission WHERE submission_id = $1::uuid;

-- name: receipt
-- Whose submission it is. $1 submission id.
SELECT submission_id, agency, file_name FROM intake.receipt WHERE submission_id = $1::uuid;

-- name: submissions_of_few
-- Newest first, received from $1 to before $2, behind the submission ($3 time, $4 id), of the
-- agencies $5.
-- for each :rows in 21 101 5001
SELECT s.* FROM (
    SELECT x.submission_id, x.received_at
    FROM unnest($5::text[]) AS a(agency)
    CROSS JOIN LATERAL (
        SELECT r.submission_id, r.received_at FROM intake.receipt r
        WHERE r.agency = a.agency AND r.received_at >= $1::timestamptz
            AND r.received_at < $2::timestamptz
          AND r.received_at <= $3::timestamptz AND (r.received_at, r.submission_id) < ($3, $4::uuid)
        ORDER BY r.received_at DESC, r.submission_id DESC LIMIT :rows) x
    ORDER BY x.received_at DESC, x.submission_id DESC LIMIT :rows) x
JOIN query.submission s USING (submission_id)
ORDER BY x.received_at DESC, x.submission_id DESC;

-- name: submissions_of_many
-- The same, $5 NULL for all agencies.
-- for each :rows in 21 101 5001
SELECT s.* FROM (
    SELECT r.submission_id, r.received_at FROM intake.receipt r
    WHERE r.received_at >= $1::timestamptz AND r.received_at < $2::timestamptz
      AND r.received_at <= $3::timestamptz AND (r.received_at, r.submission_id) < ($3, $4::uuid)
      AND ($5::text[] IS NULL OR (r.agency IN (SELECT unnest($5))) IS TRUE)
    ORDER BY r.received_at DESC, r.submission_id DESC LIMIT :rows) x
JOIN query.submission s USING (submission_id)
ORDER BY x.received_at DESC, x.submission_id DESC;
