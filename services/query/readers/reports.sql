-- Counts added up by one or two of their properties. A property that is not asked for is the same
-- in all rows.

-- name: statistics_report
-- Of every agency from month $2 to $3 if $1, and of the spans $4 agency, $5 first month, $6 last
-- month. Asked for: $7 month, $8 agency, $9 kind, $10 type. $11 kind (-1 both); behind the row ($12
-- month, $13 agency, $14 kind, $15 type); $16 how many rows. Every row carries the time of the last
-- change; one row at least.
SELECT u.updated_at, r.*
FROM statistics.last_update u
LEFT JOIN (
    SELECT x.month, x.agency, x.kind, x.type, x.records, x.minutes
    FROM (
        SELECT c.month, c.agency, c.kind, c.type, sum(c.records)::bigint AS records,
               sum(c.minutes)::bigint AS minutes
        FROM (
            SELECT CASE WHEN $7::boolean THEN n.month ELSE 0 END AS month,
                   ''::text COLLATE "C" AS agency,
                   CASE WHEN $9::boolean THEN n.kind ELSE 0 END AS kind,
                   CASE WHEN $10::boolean THEN n.type ELSE 0 END AS type, n.records, n.minutes
            FROM statistics.national_month n
            WHERE $1::boolean AND NOT $8::boolean AND n.month BETWEEN $2::int AND $3::int
              AND ($11::smallint < 0 OR n.kind = $11)
            UNION ALL
            SELECT CASE WHEN $7 THEN m.month ELSE 0 END, m.agency,
                   CASE WHEN $9 THEN m.kind ELSE 0 END, CASE WHEN $10 THEN m.type ELSE 0 END,
                   m.records, m.minutes
            FROM statistics.monthly_count m
            WHERE $1 AND $8 AND m.month BETWEEN $2 AND $3 AND ($11 < 0 OR m.kind = $11)
            UNION ALL
            SELECT CASE WHEN $7 THEN m.month ELSE 0 END, CASE WHEN $8 THEN m.agency ELSE '' END,
                   CASE WHEN $9 THEN m.kind ELSE 0 END, CASE WHEN $10 THEN m.type ELSE 0 END,
                   m.records, m.minutes
            FROM unnest($4::text[], $5::int[], $6::int[]) AS s(agency, first, last)
            JOIN statistics.monthly_count m ON m.agency = s.agency
                AND m.month BETWEEN s.first AND s.last
            WHERE $11 < 0 OR m.kind = $11) c
        GROUP BY c.month, c.agency, c.kind, c.type HAVING sum(c.records) <> 0) x
    WHERE (x.month, x.agency, x.kind, x.type) > ($12::int, $13::text, $14::int, $15::int)
    ORDER BY x.month, x.agency, x.kind, x.type LIMIT $16::bigint) r ON true
ORDER BY r.month, r.agency, r.kind, r.type;

-- name: finding_statistics
-- Exact totals of findings and in how many submissions they are. Of every agency's submissions
-- received from $2 to before $3 if $1, and of the spans $4 agency, $5 from, $6 before. Asked for:
-- $7 month of receipt, $8 agency, $9 code; behind the row ($10 month, $11 agency, $12 code, $13
-- severity); $14 how many rows. Every row carries the time of the last change; one row at least.
WITH file AS (
    SELECT r.submission_id, r.received_at, r.agency FROM intake.receipt r
    WHERE $1::boolean AND r.received_at >= $2::timestamptz AND r.received_at < $3::timestamptz
    UNION ALL
    SELECT r.submission_id, r.received_at, r.agency
    FROM unnest($4::text[], $5::timestamptz[], $6::timestamptz[]) AS s(agency, first, before)
    JOIN intake.receipt r ON r.agency = s.agency AND r.received_at >= s.first
        AND r.received_at < s.before
), found AS (
    SELECT f.submission_id, f.received_at, f.agency, g.code, g.severity, g.count
    FROM file f JOIN validation.finding_group g USING (submission_id)
    UNION ALL
    SELECT f.submission_id, f.received_at, f.agency, g.code, g.severity, g.count
    FROM file f JOIN matching.finding_group g USING (submission_id)
    UNION ALL
    SELECT f.submission_id, f.received_at, f.agency, g.code, g.severity, g.count
    FROM file f JOIN matching.noted n USING (submission_id)
    CROSS JOIN LATERAL matching.t_finding_counts(n.outcome, n.received_at) g
)
SELECT u.updated_at, r.*
FROM statistics.last_update u
LEFT JOIN (
    SELECT x.month, x.agency, x.code, x.severity, x.findings, x.files
    FROM (
        SELECT c.month, c.agency, c.code, c.severity, sum(c.count)::bigint AS findings,
               count(DISTINCT c.submission_id) AS files
        FROM (
            SELECT CASE WHEN $7::boolean THEN
                       (extract(year FROM f.received_at AT TIME ZONE 'Asia/Taipei') * 12
                        + extract(month FROM f.received_at AT TIME ZONE 'Asia/Taipei') - 1)::int
                       ELSE 0 END AS month,
                   CASE WHEN $8::boolean THEN f.agency ELSE '' END AS agency,
                   CASE WHEN $9::boolean THEN f.code ELSE '' END AS code,
                   CASE WHEN $9 THEN f.severity ELSE -1 END AS severity, f.count, f.submission_id
            FROM found f) c
        GROUP BY c.month, c.agency, c.code, c.severity) x
    WHERE (x.month, x.agency, x.code, x.severity)
        > ($10::int, $11::text, $12::text, $13::int)
    ORDER BY x.month, x.agency, x.code, x.severity LIMIT $14::bigint) r ON true
ORDER BY r.month, r.agency, r.code, r.severity;
