-- Live records that Table 19 does not cover. They stand in the lines of files (matching.noted):
-- files
-- newest first, each opened in turn until there are enough lines. See submissions.sql for the two
-- ways of reading a set of agencies.

-- name: unmatched_of_few
-- Behind the line ($2 time, $3 submission id, $4 kind, $5 index), of the agencies $6. $1 reason, ''
-- for all. Every row carries the total; with all reasons it is kept as a number of each file.
-- for each :rows in 21 101 5001
SELECT t.total, x.*
FROM (
    SELECT CASE WHEN $1::text = '' THEN (
               SELECT COALESCE(sum(f.unmatched), 0)::bigint
               FROM unnest($6::text[]) AS a(agency) JOIN matching.file f ON f.agency = a.agency)
           ELSE (
               SELECT count(*) FROM unnest($6) AS a(agency)
               JOIN matching.unmatched u ON u.agency = a.agency WHERE u.reason = $1)
           END AS total) t
LEFT JOIN (
    SELECT x.* FROM unnest($6) AS a(agency)
    CROSS JOIN LATERAL (
        SELECT x.* FROM (
            SELECT f.submission_id, f.received_at FROM matching.noted f
            WHERE f.agency = a.agency AND f.received_at <= $2::timestamptz
              AND (f.received_at, f.submission_id) <= ($2, $3::uuid)
            ORDER BY f.received_at DESC, f.submission_id DESC) f
        CROSS JOIN LATERAL (
            SELECT x.submission_id, x.agency, x.kind, x.index, x.record_no, x.record_seq,
                x.person_id,
                   x.date, x.reason, x.mend, x.received_at
            FROM matching.unmatched x
            WHERE x.submission_id = f.submission_id AND ($1 = '' OR x.reason = $1)
              AND ((f.received_at, f.submission_id) < ($2, $3)
                  OR (x.kind, x.index) > ($4::smallint, $5::int))
            ORDER BY x.kind, x.index LIMIT :rows) x
        LIMIT :rows) x
    ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index LIMIT :rows) x ON true
ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index;

-- name: unmatched_of_many
-- The same, $6 NULL for all agencies.
-- for each :rows in 21 101 5001
SELECT t.total, x.*
FROM (
    SELECT CASE WHEN $1::text = '' THEN (
               SELECT COALESCE(sum(f.unmatched), 0)::bigint FROM matching.file f
               WHERE $6::text[] IS NULL OR (f.agency IN (SELECT unnest($6))) IS TRUE)
           ELSE (
               SELECT count(*) FROM matching.unmatched u
               WHERE u.reason = $1 AND ($6 IS NULL OR (u.agency IN (SELECT unnest($6))) IS TRUE))
           END AS total) t
LEFT JOIN (
    SELECT x.* FROM (
        SELECT f.submission_id, f.received_at FROM matching.noted f
        WHERE ($6 IS NULL OR (f.agency IN (SELECT unnest($6))) IS TRUE)
            AND f.received_at <= $2::timestamptz
          AND (f.received_at, f.submission_id) <= ($2, $3::uuid)
        ORDER BY f.received_at DESC, f.submission_id DESC) f
    CROSS JOIN LATERAL (
        SELECT x.submission_id, x.agency, x.kind, x.index, x.record_no, x.record_seq, x.person_id,
               x.date, x.reason, x.mend, x.received_at
        FROM matching.unmatched x
        WHERE x.submission_id = f.submission_id AND ($1 = '' OR x.reason = $1)
          AND ((f.received_at, f.submission_id) < ($2, $3) OR (x.kind, x.index) > ($4::smallint,
              $5::int))
        ORDER BY x.kind, x.index LIMIT :rows) x
    LIMIT :rows) x ON true
ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index;
