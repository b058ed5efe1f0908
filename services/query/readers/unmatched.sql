-- Live records that Table 19 does not cover (matching.unmatched_line), newest file first. See
-- submissions.sql for the two ways of reading a set of agencies.
--
-- A reason is shown as far as the reader may know it: what is hidden from the sender is known to
-- who sees every agency of the person's postings ($8, NULL for all agencies), and to the authority
-- that has loaded a posting of the person ($9). The numbers of each reason, which every row
-- carries, are counted beforehand; hidden lines whose reason the reader may know are moved from
-- NO_PERSON to it. Who mends a line is decided for the lines of the page alone.

-- name: unmatched_of_few
-- Behind the line ($2 time, $3 submission id, $4 kind, $5 index), of records first received from $6
-- to before $7, of the agencies $10. $1 reason, -1 for all.
-- for each :rows in 21 101 5001
SELECT t.*, x.*,
       CASE WHEN x.shown <> 0 THEN 'personnel_office'
            WHEN x.reason <> 0
                AND matching.person_is_matched(x.submission_id, x.kind, x.index)
            THEN 'personnel_office'
            ELSE 'attendance_clerk' END AS mend
FROM (
    SELECT COALESCE(sum(c.records) FILTER (WHERE c.reason = 0), 0)::bigint AS no_person,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 1), 0)::bigint AS before_first,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 2), 0)::bigint AS gap,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 3), 0)::bigint AS after_last
    FROM (
        SELECT CASE WHEN c.reason < 4 THEN c.reason WHEN $8::text[] IS NULL THEN c.reason - 4
                    ELSE 0 END AS reason, c.records
        FROM matching.unmatched_count c
        WHERE c.agency = ANY ($10::text[])
          AND c.first_received_at >= $6::timestamptz AND c.first_received_at < $7::timestamptz
        UNION ALL
        SELECT moved.reason, moved.records
        FROM matching.unmatched_line l
        CROSS JOIN LATERAL (VALUES (l.reason, 1), (0::smallint, -1)) AS moved(reason, records)
        WHERE $8 IS NOT NULL AND l.hidden AND l.agency = ANY ($10)
          AND l.first_received_at >= $6 AND l.first_received_at < $7
          AND matching.reason_is_known(l.submission_id, l.kind, l.index, $8, $9::text)) c) t
LEFT JOIN (
    SELECT x.* FROM unnest($10::text[]) AS a(agency)
    CROSS JOIN LATERAL (
        SELECT l.submission_id, l.agency, l.kind, l.index, l.record_no, l.record_seq,
               l.person_id, l.date, l.reason, s.shown, l.received_at, l.first_received_at
        FROM matching.unmatched_line l
        CROSS JOIN LATERAL (
            SELECT CASE WHEN l.hidden
                             AND NOT matching.reason_is_known(l.submission_id, l.kind, l.index, $8,
                                                              $9)
                        THEN 0 ELSE l.reason END AS shown) s
        WHERE l.agency = a.agency
          AND l.first_received_at >= $6 AND l.first_received_at < $7
          AND l.received_at <= $2::timestamptz
          AND ((l.received_at, l.submission_id) < ($2, $3::uuid)
              OR (l.submission_id = $3 AND (l.kind, l.index) > ($4::smallint, $5::int)))
          AND ($1::smallint = -1 OR s.shown = $1)
        ORDER BY l.received_at DESC, l.submission_id DESC, l.kind, l.index LIMIT :rows) x
    ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index LIMIT :rows
) x ON true
ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index;

-- name: unmatched_of_many
-- The same, $10 NULL for all agencies.
-- for each :rows in 21 101 5001
SELECT t.*, x.*,
       CASE WHEN x.shown <> 0 THEN 'personnel_office'
            WHEN x.reason <> 0
                AND matching.person_is_matched(x.submission_id, x.kind, x.index)
            THEN 'personnel_office'
            ELSE 'attendance_clerk' END AS mend
FROM (
    SELECT COALESCE(sum(c.records) FILTER (WHERE c.reason = 0), 0)::bigint AS no_person,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 1), 0)::bigint AS before_first,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 2), 0)::bigint AS gap,
           COALESCE(sum(c.records) FILTER (WHERE c.reason = 3), 0)::bigint AS after_last
    FROM (
        SELECT CASE WHEN c.reason < 4 THEN c.reason WHEN $8::text[] IS NULL THEN c.reason - 4
                    ELSE 0 END AS reason, c.records
        FROM matching.unmatched_count c
        WHERE ($10::text[] IS NULL OR (c.agency IN (SELECT unnest($10))) IS TRUE)
          AND c.first_received_at >= $6::timestamptz AND c.first_received_at < $7::timestamptz
        UNION ALL
        SELECT moved.reason, moved.records
        FROM matching.unmatched_line l
        CROSS JOIN LATERAL (VALUES (l.reason, 1), (0::smallint, -1)) AS moved(reason, records)
        WHERE $8 IS NOT NULL AND l.hidden
          AND ($10 IS NULL OR (l.agency IN (SELECT unnest($10))) IS TRUE)
          AND l.first_received_at >= $6 AND l.first_received_at < $7
          AND matching.reason_is_known(l.submission_id, l.kind, l.index, $8, $9::text)) c) t
LEFT JOIN (
    SELECT l.submission_id, l.agency, l.kind, l.index, l.record_no, l.record_seq,
           l.person_id, l.date, l.reason, s.shown, l.received_at, l.first_received_at
    FROM matching.unmatched_line l
    CROSS JOIN LATERAL (
        SELECT CASE WHEN l.hidden AND NOT matching.reason_is_known(l.submission_id, l.kind, l.index,
                                                                   $8, $9)
                    THEN 0 ELSE l.reason END AS shown) s
    WHERE ($10 IS NULL OR (l.agency IN (SELECT unnest($10))) IS TRUE)
      AND l.first_received_at >= $6 AND l.first_received_at < $7
      AND l.received_at <= $2::timestamptz
      AND ((l.received_at, l.submission_id) < ($2, $3::uuid)
          OR (l.submission_id = $3 AND (l.kind, l.index) > ($4::smallint, $5::int)))
      AND ($1::smallint = -1 OR s.shown = $1)
    ORDER BY l.received_at DESC, l.submission_id DESC, l.kind, l.index LIMIT :rows
) x ON true
ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index;
