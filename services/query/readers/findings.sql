-- Findings stand in three places: of the validator (validation.finding), of the matcher
-- (matching.finding), and of Table 19 (matching.t_finding, a view). They are shown as one list.

-- name: findings_of_submission
-- $1 submission, $2 severity (0 error, 1 warning, -1 both), $3 code, '' for all; behind the finding
-- ($4 kind, $5 index, $6 pointer, $7 code, $8 seq).
-- for each :rows in 21 101 5001
SELECT * FROM (
    (SELECT x.submission_id, x.agency, x.received_at, x.kind, x.index, x.pointer, x.code, x.seq,
        x.severity,
        x.record_no, x.record_seq, x.field, x.field_name, x.value, x.expected, x.message,
            x.message_en
     FROM validation.finding x
     WHERE x.submission_id = $1::uuid AND ($2::smallint < 0 OR x.severity = $2)
         AND ($3::text = '' OR x.code = $3)
       AND (x.kind, x.index, x.pointer, x.code, x.seq) > ($4::smallint, $5::int, $6::text,
           $7::text, $8::int)
     ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows)
    UNION ALL
    (SELECT x.submission_id, x.agency, x.received_at, x.kind, x.index, x.pointer, x.code, x.seq,
        x.severity,
        x.record_no, x.record_seq, x.field, x.field_name, x.value, x.expected, x.message,
            x.message_en
     FROM matching.finding x
     WHERE x.submission_id = $1::uuid AND ($2::smallint < 0 OR x.severity = $2)
         AND ($3::text = '' OR x.code = $3)
       AND (x.kind, x.index, x.pointer, x.code, x.seq) > ($4::smallint, $5::int, $6::text,
           $7::text, $8::int)
     ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows)
    UNION ALL
    (SELECT x.submission_id, x.agency, x.received_at, x.kind, x.index, x.pointer, x.code, x.seq,
        x.severity,
        x.record_no, x.record_seq, x.field, x.field_name, x.value, x.expected, x.message,
            x.message_en
     FROM matching.t_finding x
     WHERE x.submission_id = $1::uuid AND ($2::smallint < 0 OR x.severity = $2)
         AND ($3::text = '' OR x.code = $3)
       AND (x.kind, x.index, x.pointer, x.code, x.seq) > ($4::smallint, $5::int, $6::text,
           $7::text, $8::int)
     ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows)) x
ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows;

-- name: groups_of_submission
-- Exact totals per code, severity and field. $1 submission.
SELECT * FROM (
    SELECT code, severity, field, message, count, first FROM validation.finding_group
        WHERE submission_id = $1::uuid
    UNION ALL
    SELECT code, severity, field, message, count, first FROM matching.finding_group
        WHERE submission_id = $1
    UNION ALL
    SELECT code, severity, field, message, count, first FROM matching.t_finding_group
        WHERE submission_id = $1) x
ORDER BY code COLLATE "C", severity, field COLLATE "C";

-- name: history_of_few
-- Files newest first, each opened in turn for its findings until there are enough. $1 status (0
-- all,
-- 1 open, 2 fixed); received from $2 to before $3; behind the finding ($4 time, $5 submission, $6
-- kind, $7 index, $8 pointer, $9 code, $10 seq); $11 code, '' for all, $12 severity (-1 both); of
-- the agencies $13. A finding is judged open or
-- fixed without a look-up per line: a table of the file's answered identities is made once, and of
-- a
-- file without any only the findings of file and envelope are read. `fixed_by`: a line has two
-- answers where a finding of Table 19 was raised after the first, which is the one that fixed it
-- (docs/statistics.md, "Open and fixed findings").
-- for each :rows in 21 101 5001
SELECT x.*, COALESCE(r.file_name, '') AS file_name,
       CASE WHEN x.kind < 2 THEN
                matching.file_fixed_by(x.agency, x.data_month, x.received_at, x.submission_id)
            ELSE (SELECT d.fixed_by FROM matching.fixed_finding d
                  LEFT JOIN matching.file b ON b.submission_id = d.fixed_by
                  WHERE d.submission_id = x.submission_id AND d.identity = x.identity
                  ORDER BY b.received_at, b.submission_id LIMIT 1)
       END AS fixed_by
FROM (
    SELECT * FROM (
        SELECT x.* FROM unnest($13::text[]) AS a(agency)
        CROSS JOIN LATERAL (
            SELECT x.* FROM (
                SELECT f.submission_id, f.received_at FROM validation.submission f
                WHERE f.agency = a.agency AND f.error_count + f.warning_count > 0
                  AND f.received_at >= $2::timestamptz AND f.received_at < $3::timestamptz
                      AND f.received_at <= $4::timestamptz
                  AND (f.received_at, f.submission_id) <= ($4, $5::uuid)
                ORDER BY f.received_at DESC, f.submission_id DESC) f
            CROSS JOIN LATERAL (
                SELECT x.submission_id, x.agency, x.received_at, x.kind, x.index, x.pointer,
                    x.code, x.seq, x.severity,
                       x.record_no, x.record_seq, x.field, x.field_name, x.value, x.expected,
                           x.message, x.message_en,
                       x.identity, x.data_month
                FROM validation.finding x
                WHERE x.submission_id = f.submission_id
                  AND ((f.received_at, f.submission_id) < ($4, $5)
                       OR (x.kind, x.index, x.pointer, x.code, x.seq) > ($6::smallint, $7::int,
                           $8::text, $9::text, $10::int))
                  AND ($11::text = '' OR x.code = $11) AND ($12::smallint < 0 OR x.severity = $12)
                  AND x.kind < (SELECT CASE WHEN $1::int = 2 AND NOT EXISTS (
                                    SELECT FROM matching.fixed_finding z
                                        WHERE z.submission_id = f.submission_id) THEN 2 ELSE 4 END)
                  AND CASE WHEN $1 = 0 THEN true
                           WHEN x.kind < 2 THEN
                               (matching.file_fixed_by(x.agency, x.data_month, x.received_at,
                                   x.submission_id) IS NOT NULL) = ($1 = 2)
                           ELSE ((x.identity IN (SELECT z.identity FROM matching.fixed_finding z
                                  WHERE z.submission_id = f.submission_id)) IS TRUE) = ($1 = 2)
                      END
                ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows) x
            LIMIT :rows) x
        UNION ALL
        SELECT x.* FROM unnest($13::text[]) AS a(agency)
        CROSS JOIN LATERAL (
            SELECT x.* FROM (
                SELECT f.submission_id, f.received_at FROM matching.file f
                WHERE f.agency = a.agency AND f.matcher_errors + f.matcher_warnings > 0
                  AND f.received_at >= $2::timestamptz AND f.received_at < $3::timestamptz
                      AND f.received_at <= $4::timestamptz
                  AND (f.received_at, f.submission_id) <= ($4, $5::uuid)
                ORDER BY f.received_at DESC, f.submission_id DESC) f
            CROSS JOIN LATERAL (
                SELECT x.submission_id, x.agency, x.received_at, x.kind, x.index, x.pointer,
                    x.code, x.seq, x.severity,
                       x.record_no, x.record_seq, x.field, x.field_name, x.value, x.expected,
                           x.message, x.message_en,
                       x.identity, x.data_month
                FROM matching.finding x
                WHERE x.submission_id = f.submission_id
                  AND ((f.received_at, f.submission_id) < ($4, $5)
                       OR (x.kind, x.index, x.pointer, x.code, x.seq) > ($6::smallint, $7::int,
                           $8::text, $9::text, $10::int))
                  AND ($11::text = '' OR x.code = $11) AND ($12::smallint < 0 OR x.severity = $12)
                  AND x.kind < (SELECT CASE WHEN $1::int = 2 AND NOT EXISTS (
                                    SELECT FROM matching.fixed_finding z
                                        WHERE z.submission_id = f.submission_id) THEN 2 ELSE 4 END)
                  AND CASE WHEN $1 = 0 THEN true
                           WHEN x.kind < 2 THEN
                               (matching.file_fixed_by(x.agency, x.data_month, x.received_at,
                                   x.submission_id) IS NOT NULL) = ($1 = 2)
                           ELSE ((x.identity IN (SELECT z.identity FROM matching.fixed_finding z
                                  WHERE z.submission_id = f.submission_id)) IS TRUE) = ($1 = 2)
                      END
                ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows) x
            LIMIT :rows) x
        UNION ALL
        SELECT x.* FROM unnest($13::text[]) AS a(agency)
        CROSS JOIN LATERAL (
            SELECT x.* FROM (
                SELECT f.submission_id, f.received_at FROM matching.noted f
                WHERE f.agency = a.agency
                  AND f.received_at >= $2::timestamptz AND f.received_at < $3::timestamptz
                      AND f.received_at <= $4::timestamptz
                  AND (f.received_at, f.submission_id) <= ($4, $5::uuid)
                ORDER BY f.received_at DESC, f.submission_id DESC) f
            CROSS JOIN LATERAL (
                SELECT x.submission_id, x.agency, x.received_at, x.kind, x.index, x.pointer,
                    x.code, x.seq, x.severity,
                       x.record_no, x.record_seq, x.field, x.field_name, x.value, x.expected,
                           x.message, x.message_en,
                       x.identity, x.data_month
                FROM matching.t_finding x
                WHERE x.submission_id = f.submission_id
                  AND ((f.received_at, f.submission_id) < ($4, $5)
                       OR (x.kind, x.index, x.pointer, x.code, x.seq) > ($6::smallint, $7::int,
                           $8::text, $9::text, $10::int))
                  AND ($11::text = '' OR x.code = $11) AND ($12::smallint < 0 OR x.severity = $12)
                  AND x.kind < (SELECT CASE WHEN $1::int = 2 AND NOT EXISTS (
                                    SELECT FROM matching.fixed_finding z
                                        WHERE z.submission_id = f.submission_id) THEN 2 ELSE 4 END)
                  AND CASE WHEN $1 = 0 THEN true
                           WHEN x.kind < 2 THEN
                               (matching.file_fixed_by(x.agency, x.data_month, x.received_at,
                                   x.submission_id) IS NOT NULL) = ($1 = 2)
                           ELSE ((x.identity IN (SELECT z.identity FROM matching.fixed_finding z
                                  WHERE z.submission_id = f.submission_id)) IS TRUE) = ($1 = 2)
                      END
                ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows) x
            LIMIT :rows) x) x
    ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index, x.pointer, x.code,
        x.seq LIMIT :rows) x
LEFT JOIN intake.receipt r ON r.submission_id = x.submission_id
ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index, x.pointer, x.code, x.seq;

-- name: history_of_many
-- The same, $13 NULL for all agencies.
-- for each :rows in 21 101 5001
SELECT x.*, COALESCE(r.file_name, '') AS file_name,
       CASE WHEN x.kind < 2 THEN
                matching.file_fixed_by(x.agency, x.data_month, x.received_at, x.submission_id)
            ELSE (SELECT d.fixed_by FROM matching.fixed_finding d
                  LEFT JOIN matching.file b ON b.submission_id = d.fixed_by
                  WHERE d.submission_id = x.submission_id AND d.identity = x.identity
                  ORDER BY b.received_at, b.submission_id LIMIT 1)
       END AS fixed_by
FROM (
    SELECT * FROM (
        (
        SELECT x.* FROM (
            SELECT f.submission_id, f.received_at FROM validation.submission f
            WHERE ($13::text[] IS NULL OR (f.agency IN (SELECT unnest($13))) IS TRUE)
                AND f.error_count + f.warning_count > 0
              AND f.received_at >= $2::timestamptz AND f.received_at < $3::timestamptz
                  AND f.received_at <= $4::timestamptz
              AND (f.received_at, f.submission_id) <= ($4, $5::uuid)
            ORDER BY f.received_at DESC, f.submission_id DESC) f
        CROSS JOIN LATERAL (
            SELECT x.submission_id, x.agency, x.received_at, x.kind, x.index, x.pointer, x.code,
                x.seq, x.severity,
                   x.record_no, x.record_seq, x.field, x.field_name, x.value, x.expected,
                       x.message, x.message_en,
                   x.identity, x.data_month
            FROM validation.finding x
            WHERE x.submission_id = f.submission_id
              AND ((f.received_at, f.submission_id) < ($4, $5)
                   OR (x.kind, x.index, x.pointer, x.code, x.seq) > ($6::smallint, $7::int,
                       $8::text, $9::text, $10::int))
              AND ($11::text = '' OR x.code = $11) AND ($12::smallint < 0 OR x.severity = $12)
              AND x.kind < (SELECT CASE WHEN $1::int = 2 AND NOT EXISTS (
                                SELECT FROM matching.fixed_finding z
                                    WHERE z.submission_id = f.submission_id) THEN 2 ELSE 4 END)
              AND CASE WHEN $1 = 0 THEN true
                       WHEN x.kind < 2 THEN
                           (matching.file_fixed_by(x.agency, x.data_month, x.received_at,
                               x.submission_id) IS NOT NULL) = ($1 = 2)
                       ELSE ((x.identity IN (SELECT z.identity FROM matching.fixed_finding z
                                  WHERE z.submission_id = f.submission_id)) IS TRUE) = ($1 = 2)
                  END
            ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows) x
        LIMIT :rows)
        UNION ALL
        (
        SELECT x.* FROM (
            SELECT f.submission_id, f.received_at FROM matching.file f
            WHERE ($13::text[] IS NULL OR (f.agency IN (SELECT unnest($13))) IS TRUE)
                AND f.matcher_errors + f.matcher_warnings > 0
              AND f.received_at >= $2::timestamptz AND f.received_at < $3::timestamptz
                  AND f.received_at <= $4::timestamptz
              AND (f.received_at, f.submission_id) <= ($4, $5::uuid)
            ORDER BY f.received_at DESC, f.submission_id DESC) f
        CROSS JOIN LATERAL (
            SELECT x.submission_id, x.agency, x.received_at, x.kind, x.index, x.pointer, x.code,
                x.seq, x.severity,
                   x.record_no, x.record_seq, x.field, x.field_name, x.value, x.expected,
                       x.message, x.message_en,
                   x.identity, x.data_month
            FROM matching.finding x
            WHERE x.submission_id = f.submission_id
              AND ((f.received_at, f.submission_id) < ($4, $5)
                   OR (x.kind, x.index, x.pointer, x.code, x.seq) > ($6::smallint, $7::int,
                       $8::text, $9::text, $10::int))
              AND ($11::text = '' OR x.code = $11) AND ($12::smallint < 0 OR x.severity = $12)
              AND x.kind < (SELECT CASE WHEN $1::int = 2 AND NOT EXISTS (
                                SELECT FROM matching.fixed_finding z
                                    WHERE z.submission_id = f.submission_id) THEN 2 ELSE 4 END)
              AND CASE WHEN $1 = 0 THEN true
                       WHEN x.kind < 2 THEN
                           (matching.file_fixed_by(x.agency, x.data_month, x.received_at,
                               x.submission_id) IS NOT NULL) = ($1 = 2)
                       ELSE ((x.identity IN (SELECT z.identity FROM matching.fixed_finding z
                                  WHERE z.submission_id = f.submission_id)) IS TRUE) = ($1 = 2)
                  END
            ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows) x
        LIMIT :rows)
        UNION ALL
        (
        SELECT x.* FROM (
            SELECT f.submission_id, f.received_at FROM matching.noted f
            WHERE ($13::text[] IS NULL OR (f.agency IN (SELECT unnest($13))) IS TRUE)
              AND f.received_at >= $2::timestamptz AND f.received_at < $3::timestamptz
                  AND f.received_at <= $4::timestamptz
              AND (f.received_at, f.submission_id) <= ($4, $5::uuid)
            ORDER BY f.received_at DESC, f.submission_id DESC) f
        CROSS JOIN LATERAL (
            SELECT x.submission_id, x.agency, x.received_at, x.kind, x.index, x.pointer, x.code,
                x.seq, x.severity,
                   x.record_no, x.record_seq, x.field, x.field_name, x.value, x.expected,
                       x.message, x.message_en,
                   x.identity, x.data_month
            FROM matching.t_finding x
            WHERE x.submission_id = f.submission_id
              AND ((f.received_at, f.submission_id) < ($4, $5)
                   OR (x.kind, x.index, x.pointer, x.code, x.seq) > ($6::smallint, $7::int,
                       $8::text, $9::text, $10::int))
              AND ($11::text = '' OR x.code = $11) AND ($12::smallint < 0 OR x.severity = $12)
              AND x.kind < (SELECT CASE WHEN $1::int = 2 AND NOT EXISTS (
                                SELECT FROM matching.fixed_finding z
                                    WHERE z.submission_id = f.submission_id) THEN 2 ELSE 4 END)
              AND CASE WHEN $1 = 0 THEN true
                       WHEN x.kind < 2 THEN
                           (matching.file_fixed_by(x.agency, x.data_month, x.received_at,
                               x.submission_id) IS NOT NULL) = ($1 = 2)
                       ELSE ((x.identity IN (SELECT z.identity FROM matching.fixed_finding z
                                  WHERE z.submission_id = f.submission_id)) IS TRUE) = ($1 = 2)
                  END
            ORDER BY x.kind, x.index, x.pointer, x.code, x.seq LIMIT :rows) x
        LIMIT :rows)) x
    ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index, x.pointer, x.code,
        x.seq LIMIT :rows) x
LEFT JOIN intake.receipt r ON r.submission_id = x.submission_id
ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index, x.pointer, x.code, x.seq;

-- name: history_groups
-- Exact totals per code, severity and field, and in how many files. Received from $1 to before $2;
-- $3 code, '' for all, $4 severity (-1 both), $5 agencies, NULL for all. `messages`: how many texts
-- the group has.
WITH file AS (
    SELECT r.submission_id FROM intake.receipt r
    WHERE $5::text[] IS NULL AND r.received_at >= $1::timestamptz
      AND r.received_at < $2::timestamptz
    UNION ALL
    SELECT r.submission_id FROM unnest($5) AS a(agency)
    JOIN intake.receipt r ON r.agency = a.agency AND r.received_at >= $1 AND r.received_at < $2
)
SELECT x.code, x.severity, x.field, min(x.message) AS message,
       count(DISTINCT x.message) AS messages, sum(x.count)::bigint AS count,
       count(DISTINCT x.submission_id) AS files
FROM (
    SELECT g.submission_id, g.code, g.severity, g.field, g.message, g.count
    FROM file f JOIN validation.finding_group g USING (submission_id)
    UNION ALL
    SELECT g.submission_id, g.code, g.severity, g.field, g.message, g.count
    FROM file f JOIN matching.finding_group g USING (submission_id)
    UNION ALL
    SELECT g.submission_id, g.code, g.severity, g.field, g.message, g.count
    FROM file f JOIN matching.noted n USING (submission_id)
    CROSS JOIN LATERAL (
        SELECT t.submission_id, t.code, t.severity, t.field, t.message, t.count
        FROM matching.t_finding_group t WHERE t.submission_id = f.submission_id OFFSET 0) g) x
WHERE ($3::text = '' OR x.code = $3) AND ($4::smallint < 0 OR x.severity = $4)
GROUP BY x.code, x.severity, x.field
ORDER BY x.code COLLATE "C", x.severity, x.field COLLATE "C";

-- name: history_groups_of_status
-- The same of the findings that are open ($6 1) or fixed ($6 2); they are counted as they are
-- listed, at most 1,000 per file and code.
WITH file AS (
    SELECT r.submission_id FROM intake.receipt r
    WHERE $5::text[] IS NULL AND r.received_at >= $1::timestamptz
      AND r.received_at < $2::timestamptz
    UNION ALL
    SELECT r.submission_id FROM unnest($5) AS a(agency)
    JOIN intake.receipt r ON r.agency = a.agency AND r.received_at >= $1 AND r.received_at < $2
)
SELECT x.code, x.severity, x.field, min(x.message) AS message,
       count(DISTINCT x.message) AS messages, count(*) AS count,
       count(DISTINCT x.submission_id) AS files
FROM (
    SELECT g.submission_id, g.kind, g.code, g.severity, g.field, g.message, g.identity, g.agency,
           g.data_month, g.received_at
    FROM file f JOIN validation.finding g USING (submission_id)
    UNION ALL
    SELECT g.submission_id, g.kind, g.code, g.severity, g.field, g.message, g.identity, g.agency,
           g.data_month, g.received_at
    FROM file f JOIN matching.finding g USING (submission_id)
    UNION ALL
    SELECT g.submission_id, g.kind, g.code, g.severity, g.field, g.message, g.identity, g.agency,
           g.data_month, g.received_at
    FROM file f JOIN matching.noted n USING (submission_id)
    CROSS JOIN LATERAL (
        SELECT t.submission_id, t.kind, t.code, t.severity, t.field, t.message, t.identity,
               t.agency, t.data_month, t.received_at
        FROM matching.t_finding t WHERE t.submission_id = f.submission_id OFFSET 0) g) x
WHERE ($3::text = '' OR x.code = $3) AND ($4::smallint < 0 OR x.severity = $4)
  AND ($6::int = 2) = CASE
      WHEN x.kind < 2 THEN matching.file_fixed_by(x.agency, x.data_month, x.received_at,
                                                  x.submission_id) IS NOT NULL
      ELSE EXISTS (SELECT FROM matching.fixed_finding z
                   WHERE z.submission_id = x.submission_id AND z.identity = x.identity) END
GROUP BY x.code, x.severity, x.field
ORDER BY x.code COLLATE "C", x.severity, x.field COLLATE "C";
