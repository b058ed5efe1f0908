-- Records in which something was found. Findings stand in three places (findings.sql).

-- name: sealed_file
-- The submission $1: whether it has a verdict, and its sealed file if that is in the archive.
SELECT v.submission_id IS NOT NULL AS judged, a.sealed
FROM (SELECT $1::uuid AS submission_id) q
LEFT JOIN validation.submission v USING (submission_id)
LEFT JOIN validation.archive a USING (submission_id);

-- name: records_of_submission
-- The findings of the first records of the submission $1 that have any, behind the record ($4 kind,
-- $5 index). Only findings of $2 severity (0 error, 1 warning, -1 both) and $3 code, '' for all.
-- for each :rows in 21 101 5001
WITH places AS (
    SELECT DISTINCT kind, index FROM (
        (SELECT DISTINCT x.kind, x.index FROM validation.finding x
         WHERE x.submission_id = $1::uuid AND x.kind >= 2
           AND ($2::smallint < 0 OR x.severity = $2) AND ($3::text = '' OR x.code = $3)
           AND (x.kind, x.index) > ($4::smallint, $5::int)
         ORDER BY x.kind, x.index LIMIT :rows)
        UNION ALL
        (SELECT DISTINCT x.kind, x.index FROM matching.finding x
         WHERE x.submission_id = $1::uuid AND x.kind >= 2
           AND ($2::smallint < 0 OR x.severity = $2) AND ($3::text = '' OR x.code = $3)
           AND (x.kind, x.index) > ($4::smallint, $5::int)
         ORDER BY x.kind, x.index LIMIT :rows)
        UNION ALL
        (SELECT DISTINCT x.kind, x.index FROM matching.t_finding x
         WHERE x.submission_id = $1::uuid AND x.kind >= 2
           AND ($2::smallint < 0 OR x.severity = $2) AND ($3::text = '' OR x.code = $3)
           AND (x.kind, x.index) > ($4::smallint, $5::int)
         ORDER BY x.kind, x.index LIMIT :rows)) k
    ORDER BY kind, index LIMIT :rows)
SELECT * FROM (
    SELECT x.submission_id, x.kind, x.index, x.pointer, x.code, x.seq, x.severity, x.record_no,
           x.record_seq, x.field, x.field_name, x.value, x.expected, x.message, x.message_en
    FROM places p
    JOIN validation.finding x ON x.submission_id = $1 AND x.kind = p.kind AND x.index = p.index
    WHERE ($2 < 0 OR x.severity = $2) AND ($3 = '' OR x.code = $3)
    UNION ALL
    SELECT x.submission_id, x.kind, x.index, x.pointer, x.code, x.seq, x.severity, x.record_no,
           x.record_seq, x.field, x.field_name, x.value, x.expected, x.message, x.message_en
    FROM places p
    JOIN matching.finding x ON x.submission_id = $1 AND x.kind = p.kind AND x.index = p.index
    WHERE ($2 < 0 OR x.severity = $2) AND ($3 = '' OR x.code = $3)
    UNION ALL
    SELECT x.submission_id, x.kind, x.index, x.pointer, x.code, x.seq, x.severity, x.record_no,
           x.record_seq, x.field, x.field_name, x.value, x.expected, x.message, x.message_en
    FROM places p
    JOIN matching.t_finding x ON x.submission_id = $1 AND x.kind = p.kind AND x.index = p.index
    WHERE ($2 < 0 OR x.severity = $2) AND ($3 = '' OR x.code = $3)) x
ORDER BY x.kind, x.index, x.pointer, x.code, x.seq;

-- name: records_of_history
-- The same over the files of the agency $10, newest first: $1 status (0 all, 1 open, 2 fixed);
-- received from $2 to before $3; behind the record ($4 time, $5 submission, $6 kind, $7 index); $8
-- severity, $9 code. Findings of Table 19 are made once per file.
-- for each :rows in 21 101 5001
WITH places AS (
    SELECT DISTINCT received_at, submission_id, kind, index FROM (
        (SELECT f.received_at, f.submission_id, x.kind, x.index
         FROM (SELECT f.submission_id, f.received_at FROM validation.submission f
               WHERE f.agency = $10::text
                 AND f.error_count + f.warning_count > 0
                 AND f.received_at >= $2::timestamptz AND f.received_at < $3::timestamptz
                 AND f.received_at <= $4::timestamptz
                 AND (f.received_at, f.submission_id) <= ($4, $5::uuid)
               ORDER BY f.received_at DESC, f.submission_id DESC) f
         CROSS JOIN LATERAL (
             SELECT DISTINCT x.kind, x.index FROM validation.finding x
             WHERE x.submission_id = f.submission_id AND x.kind >= 2
               AND ((f.received_at, f.submission_id) < ($4, $5)
                    OR (x.kind, x.index) > ($6::smallint, $7::int))
               AND ($8::smallint < 0 OR x.severity = $8) AND ($9::text = '' OR x.code = $9)
               AND ($1::int = 0 OR ((x.identity IN (
                       SELECT z.identity FROM matching.fixed_finding z
                       WHERE z.submission_id = f.submission_id)) IS TRUE) = ($1 = 2))
             ORDER BY x.kind, x.index LIMIT :rows) x
         LIMIT :rows)
        UNION ALL
        (SELECT f.received_at, f.submission_id, x.kind, x.index
         FROM (SELECT f.submission_id, f.received_at FROM matching.file f
               WHERE f.agency = $10::text
                 AND f.matcher_errors + f.matcher_warnings > 0
                 AND f.received_at >= $2::timestamptz AND f.received_at < $3::timestamptz
                 AND f.received_at <= $4::timestamptz
                 AND (f.received_at, f.submission_id) <= ($4, $5::uuid)
               ORDER BY f.received_at DESC, f.submission_id DESC) f
         CROSS JOIN LATERAL (
             SELECT DISTINCT x.kind, x.index FROM matching.finding x
             WHERE x.submission_id = f.submission_id AND x.kind >= 2
               AND ((f.received_at, f.submission_id) < ($4, $5)
                    OR (x.kind, x.index) > ($6::smallint, $7::int))
               AND ($8::smallint < 0 OR x.severity = $8) AND ($9::text = '' OR x.code = $9)
               AND ($1::int = 0 OR ((x.identity IN (
                       SELECT z.identity FROM matching.fixed_finding z
                       WHERE z.submission_id = f.submission_id)) IS TRUE) = ($1 = 2))
             ORDER BY x.kind, x.index LIMIT :rows) x
         LIMIT :rows)
        UNION ALL
        (SELECT f.received_at, f.submission_id, x.kind, x.index
         FROM (SELECT f.submission_id, f.received_at FROM matching.noted f
               WHERE f.agency = $10::text
                 AND f.received_at >= $2::timestamptz AND f.received_at < $3::timestamptz
                 AND f.received_at <= $4::timestamptz
                 AND (f.received_at, f.submission_id) <= ($4, $5::uuid)
               ORDER BY f.received_at DESC, f.submission_id DESC) f
         CROSS JOIN LATERAL (
             SELECT DISTINCT x.kind, x.index FROM matching.t_finding x
             WHERE x.submission_id = f.submission_id AND x.kind >= 2
               AND ((f.received_at, f.submission_id) < ($4, $5)
                    OR (x.kind, x.index) > ($6::smallint, $7::int))
               AND ($8::smallint < 0 OR x.severity = $8) AND ($9::text = '' OR x.code = $9)
               AND ($1::int = 0 OR ((x.identity IN (
                       SELECT z.identity FROM matching.fixed_finding z
                       WHERE z.submission_id = f.submission_id)) IS TRUE) = ($1 = 2))
             ORDER BY x.kind, x.index LIMIT :rows) x
         LIMIT :rows)) k
    ORDER BY received_at DESC, submission_id DESC, kind, index LIMIT :rows)
SELECT x.*, COALESCE(r.file_name, '') AS file_name
FROM (
    SELECT p.received_at,
           x.submission_id, x.kind, x.index, x.pointer, x.code, x.seq, x.severity, x.record_no,
           x.record_seq, x.field, x.field_name, x.value, x.expected, x.message, x.message_en
    FROM places p
    JOIN validation.finding x
        ON x.submission_id = p.submission_id AND x.kind = p.kind AND x.index = p.index
    WHERE ($8::smallint < 0 OR x.severity = $8) AND ($9::text = '' OR x.code = $9)
      AND ($1::int = 0 OR ((x.identity IN (
              SELECT z.identity FROM matching.fixed_finding z
              WHERE z.submission_id = p.submission_id)) IS TRUE) = ($1 = 2))
    UNION ALL
    SELECT p.received_at,
           x.submission_id, x.kind, x.index, x.pointer, x.code, x.seq, x.severity, x.record_no,
           x.record_seq, x.field, x.field_name, x.value, x.expected, x.message, x.message_en
    FROM places p
    JOIN matching.finding x
        ON x.submission_id = p.submission_id AND x.kind = p.kind AND x.index = p.index
    WHERE ($8::smallint < 0 OR x.severity = $8) AND ($9::text = '' OR x.code = $9)
      AND ($1::int = 0 OR ((x.identity IN (
              SELECT z.identity FROM matching.fixed_finding z
              WHERE z.submission_id = p.submission_id)) IS TRUE) = ($1 = 2))
    UNION ALL
    SELECT p.received_at,
           x.submission_id, x.kind, x.index, x.pointer, x.code, x.seq, x.severity, x.record_no,
           x.record_seq, x.field, x.field_name, x.value, x.expected, x.message, x.message_en
    FROM places p
    JOIN (
        SELECT t.* FROM (SELECT DISTINCT submission_id FROM places) s
        CROSS JOIN LATERAL (
            SELECT * FROM matching.t_finding t WHERE t.submission_id = s.submission_id) t) x
        ON x.submission_id = p.submission_id AND x.kind = p.kind AND x.index = p.index
    WHERE ($8::smallint < 0 OR x.severity = $8) AND ($9::text = '' OR x.code = $9)
      AND ($1::int = 0 OR ((x.identity IN (
              SELECT z.identity FROM matching.fixed_finding z
              WHERE z.submission_id = p.submission_id)) IS TRUE) = ($1 = 2))) x
LEFT JOIN intake.receipt r ON r.submission_id = x.submission_id
ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index, x.pointer, x.code, x.seq;
