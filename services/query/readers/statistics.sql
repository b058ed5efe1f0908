-- Published counts. `added up`: over every agency ($all), or over spans of months of agencies.

-- name: monthly_counts
-- Three parts in one answer: 0 the time of the last change; 1 twelve months from $2 of the agencies
-- $1; 2 the sum by month: of every agency from month $4 to $5 if $3, and of the spans $6 agency, $7
-- first month, $8 last month.
SELECT 0 AS part, NULL::text COLLATE "C" AS agency, NULL::int AS month, NULL::bigint AS leave,
       NULL::bigint AS overtime, NULL::bigint AS leave_minutes, NULL::bigint AS overtime_minutes,
           u.updated_at
FROM statistics.last_update u
UNION ALL
SELECT 1, c.agency, c.month, c.leave, c.overtime, c.leave_minutes, c.overtime_minutes, NULL
FROM statistics.agency_month c
WHERE c.agency = ANY ($1::text[]) AND c.month BETWEEN $2::int AND $2 + 11 AND (c.leave <> 0
    OR c.overtime <> 0)
UNION ALL
SELECT 2, NULL, n.month,
       COALESCE(sum(n.records) FILTER (WHERE n.kind = 0), 0)::bigint,
       COALESCE(sum(n.records) FILTER (WHERE n.kind = 1), 0)::bigint,
       COALESCE(sum(n.minutes) FILTER (WHERE n.kind = 0), 0)::bigint,
       COALESCE(sum(n.minutes) FILTER (WHERE n.kind = 1), 0)::bigint, NULL
FROM statistics.national_month n
WHERE $3::boolean AND n.month BETWEEN $4::int AND $5::int
GROUP BY n.month HAVING sum(n.records) FILTER (WHERE n.kind = 0) <> 0
    OR sum(n.records) FILTER (WHERE n.kind = 1) <> 0
UNION ALL
SELECT 2, NULL, c.month, sum(c.leave)::bigint, sum(c.overtime)::bigint,
    sum(c.leave_minutes)::bigint,
       sum(c.overtime_minutes)::bigint, NULL
FROM unnest($6::text[], $7::int[], $8::int[]) AS s(agency, first, last)
JOIN statistics.agency_month c ON c.agency = s.agency AND c.month BETWEEN s.first AND s.last
GROUP BY c.month HAVING sum(c.leave) <> 0 OR sum(c.overtime) <> 0
ORDER BY part, agency, month;

-- name: counts_by_type
-- Of every agency from month $2 to $3 if $1, and of the spans $4 agency, $5 first month, $6 last
-- month.
SELECT c.kind, c.type, sum(c.records)::bigint AS records, sum(c.minutes)::bigint AS minutes
FROM statistics.national_month c
WHERE $1::boolean AND c.month BETWEEN $2::int AND $3::int
GROUP BY c.kind, c.type HAVING sum(c.records) <> 0
UNION ALL
SELECT c.kind, c.type, sum(c.records)::bigint, sum(c.minutes)::bigint
FROM unnest($4::text[], $5::int[], $6::int[]) AS s(agency, first, last)
JOIN statistics.monthly_count c ON c.agency = s.agency AND c.month BETWEEN s.first AND s.last
GROUP BY c.kind, c.type HAVING sum(c.records) <> 0
ORDER BY kind, type;
