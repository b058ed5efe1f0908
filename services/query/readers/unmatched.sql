-- Live records that Table 19 does not cover. They stand in the lines of files (matching.noted):
-- files
-- newest first, each opened in turn until there are enough lines. See submissions.sql for the two
-- ways of reading a set of agencies.

-- name: unmatched_of_few
-- Behind the line ($2 time, $3 submission id, $4 kind, $5 index), of files received from $6 to
-- before $7, of the agencies $8. $1 reason, '' for all. Every row carries the numbers of each
-- reason, which are counted beforehand.
-- for each :rows in 21 101 5001
SELECT t.*, x.*
FROM (
    SELECT COALESCE(sum(c.records) FILTER (WHERE c.reason = 0), 0)::bigint AS no_person,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 1), 0)::bigint AS before_first,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 2), 0)::bigint AS gap,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 3), 0)::bigint AS after_last
    FROM matching.unmatched_count c
    WHERE c.agency = ANY ($8::text[]) AND c.received_at >= $6::timestamptz
        AND c.received_at < $7::timestamptz) t
LEFT JOIN (
    SELECT x.* FROM unnest($8) AS a(agency)
    CROSS JOIN LATERAL (
        SELECT x.* FROM (
            SELECT f.submission_id, f.received_at FROM matching.noted f
            WHERE f.agency = a.agency AND f.received_at >= $6 AND f.received_at < $7
              AND f.received_at <= $2::timestamptz
              AND (f.received_at, f.submission_id) <= ($2, $3::uuid)
            ORDER BY f.received_at DESC, f.submission_id DESC) f
        CROSS JOIN LATERAL (
            SELECT x.submission_id, x.agency, x.kind, x.index, x.record_no, x.record_seq,
                x.person_id, x.date, x.reason, x.mend, x.received_at
            FROM matching.unmatched x
            WHERE x.submission_id = f.submission_id AND ($1::text = '' OR x.reason = $1)
              AND ((f.received_at, f.submission_id) < ($2, $3)
                  OR (x.kind, x.index) > ($4::smallint, $5::int))
            ORDER BY x.kind, x.index LIMIT :rows) x
        LIMIT :rows) x
    ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index LIMIT :rows) x ON true
ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index;

-- name: unmatched_of_many
-- The same, $8 NULL for all agencies.
-- for each :rows in 21 101 5001
SELECT t.*, x.*
FROM (
    SELECT COALESCE(sum(c.records) FILTER (WHERE c.reason = 0), 0)::bigint AS no_person,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 1), 0)::bigint AS before_first,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 2), 0)::bigint AS gap,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 3), 0)::bigint AS after_last
    FROM matching.unmatched_count c
    WHERE ($8::text[] IS NULL OR (c.agency IN (SELECT unnest($8))) IS TRUE)
        AND c.received_at >= $6::timestamptz AND c.received_at < $7::timestamptz) t
LEFT JOIN (
    SELECT x.* FROM (
        SELECT f.submission_id, f.received_at FROM matching.noted f
        WHERE ($8 IS NULL OR (f.agency IN (SELECT unnest($8))) IS TRUE)
            AND f.received_at >= $6 AND f.received_at < $7 AND f.received_at <= $2::timestamptz
          AND (f.received_at, f.submission_id) <= ($2, $3::uuid)
        ORDER BY f.received_at DESC, f.submission_id DESC) f
    CROSS JOIN LATERAL (
        SELECT x.submission_id, x.agency, x.kind, x.index, x.record_no, x.record_seq, x.person_id,
               x.date, x.reason, x.mend, x.received_at
        FROM matching.unmatched x
        WHERE x.submission_id = f.submission_id AND ($1::text = '' OR x.reason = $1)
          AND ((f.received_at, f.submission_id) < ($2, $3) OR (x.kind, x.index) > ($4::smallint,
              $5::int))
        ORDER BY x.kind, x.index LIMIT :rows) x
    LIMIT :rows) x ON true
ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index;
