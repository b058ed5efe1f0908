-- name: reporting_rates
-- Live and frozen figures of a month. $1 month, $2 00:00 of the day after the deadline, $3 agencies
-- under the authority by what is known now, $4 the authority: a frozen line has kept the chain of
-- authorities that it was frozen with.
SELECT l.obliged, l.reported, l.on_time, z.version, z.frozen_at, z.formula,
       zf.obliged AS frozen_obliged, zf.reported AS frozen_reported, zf.on_time AS frozen_on_time
FROM (
    SELECT count(*) FILTER (WHERE f.obliged) AS obliged,
           count(*) FILTER (WHERE f.obliged AND f.reported) AS reported,
           count(*) FILTER (WHERE f.obliged AND f.on_time) AS on_time
    FROM statistics.filing($1::int, $2::timestamptz) f
    WHERE (f.agency IN (SELECT unnest($3::text[]))) IS TRUE) l
LEFT JOIN (
    SELECT version, frozen_at, formula FROM statistics.frozen_month
    WHERE month = $1 ORDER BY version DESC LIMIT 1) z ON true
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE f.obliged) AS obliged,
           count(*) FILTER (WHERE f.obliged AND f.reported) AS reported,
           count(*) FILTER (WHERE f.obliged AND f.on_time) AS on_time
    FROM statistics.frozen_filing f
    WHERE f.month = $1 AND f.version = z.version
      AND CASE WHEN f.chain IS NULL THEN (f.agency IN (SELECT unnest($3))) IS TRUE
               ELSE $4::text = ANY (f.chain) END) zf ON true;

-- name: rate_agencies
-- By code, behind the agency $5. $1 and $2 as above, $3 whether the deadline is over, $4 agencies
-- under the authority, $6 status, none for all; $7 whether the month is over: what is not due then
-- is meant by `due`, too; $8 how many rows.
SELECT x.agency, x.status, x.on_time FROM (
    SELECT f.agency, query.filing_status(f.obliged, f.reported, f.exempt, f.zero,
        $3::boolean) AS status, f.on_time
    FROM statistics.filing($1::int, $2::timestamptz) f
    WHERE (f.agency IN (SELECT unnest($4::text[]))) IS TRUE AND f.agency COLLATE "C" > $5::text) x
WHERE cardinality($6::text[]) = 0 OR x.status = ANY ($6)
   OR ($7::boolean AND x.status = 'not_due' AND 'due' = ANY ($6))
ORDER BY x.agency COLLATE "C" LIMIT $8::bigint;

-- name: filings
-- How the agencies $4 stand in one month. $1, $2 and $3 as in rate_agencies.
SELECT f.agency, query.filing_status(f.obliged, f.reported, f.exempt, f.zero, $3::boolean) AS status
FROM statistics.filing_of($4::text[], ARRAY[$1::int], ARRAY[$2::timestamptz]) f
ORDER BY f.agency COLLATE "C";

-- name: rate_series
-- One row per month. $1 months with $2 00:00 of the day after each one's deadline; spans of months
-- ($4 first, $5 last) in which the agency $3 is under the authority $6 by what is known now.
SELECT l.month, l.obliged, l.reported, l.on_time, z.version, z.frozen_at, z.formula,
       zf.obliged AS frozen_obliged, zf.reported AS frozen_reported, zf.on_time AS frozen_on_time
FROM (
    SELECT a.month, count(*) FILTER (WHERE f.obliged) AS obliged,
           count(*) FILTER (WHERE f.obliged AND f.reported) AS reported,
           count(*) FILTER (WHERE f.obliged AND f.on_time) AS on_time
    FROM unnest($1::int[]) AS a(month)
    LEFT JOIN (
        SELECT f.month, f.obliged, f.reported, f.on_time
        FROM statistics.filing_of($3::text[], $1, $2::timestamptz[]) f
        JOIN unnest($3, $4::int[], $5::int[]) AS s(agency, first, last)
          ON s.agency = f.agency AND f.month BETWEEN s.first AND s.last) f ON f.month = a.month
    GROUP BY a.month) l
LEFT JOIN LATERAL (
    SELECT version, frozen_at, formula FROM statistics.frozen_month
    WHERE month = l.month ORDER BY version DESC LIMIT 1) z ON true
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE f.obliged) AS obliged,
           count(*) FILTER (WHERE f.obliged AND f.reported) AS reported,
           count(*) FILTER (WHERE f.obliged AND f.on_time) AS on_time
    FROM statistics.frozen_filing f
    WHERE f.month = l.month AND f.version = z.version
      AND CASE WHEN f.chain IS NULL THEN EXISTS (
                   SELECT FROM unnest($3, $4, $5) AS s(agency, first, last)
                   WHERE s.agency = f.agency AND l.month BETWEEN s.first AND s.last)
               ELSE $6::text = ANY (f.chain) END) zf ON true
ORDER BY l.month;

-- name: rate_units
-- One row per unit and month. $1 months with $2 00:00 of the day after each one's deadline; spans
-- of months ($5 first, $6 last) in which the agency $4 is in the unit $3 by what is known now; $7
-- the authority of the units, '' for the agencies at the top. A frozen line is in the unit of the
-- chain that it was frozen with.
WITH span AS (
    SELECT s.unit, s.agency, s.first, s.last
    FROM unnest($3::text[], $4::text[], $5::int[], $6::int[]) AS s(unit, agency, first, last)
), live AS (
    SELECT s.unit, f.month, count(*) FILTER (WHERE f.obliged) AS obliged,
           count(*) FILTER (WHERE f.obliged AND f.reported) AS reported,
           count(*) FILTER (WHERE f.obliged AND f.on_time) AS on_time
    FROM statistics.filing_of($4, $1::int[], $2::timestamptz[]) f
    JOIN span s ON s.agency = f.agency AND f.month BETWEEN s.first AND s.last
    GROUP BY s.unit, f.month
), latest AS (
    SELECT month, max(version) AS version FROM statistics.frozen_month
    WHERE month = ANY ($1) GROUP BY month
), frozen_line AS (
    SELECT f.month, f.obliged, f.reported, f.on_time,
           CASE WHEN $7::text = '' THEN f.chain[cardinality(f.chain)]
                WHEN f.agency = $7 THEN $7
                ELSE f.chain[array_position(f.chain, $7) - 1] END AS unit
    FROM latest z
    JOIN statistics.frozen_filing f ON f.month = z.month AND f.version = z.version
    WHERE f.chain IS NOT NULL AND ($7 = '' OR $7 = ANY (f.chain))
    UNION ALL
    SELECT f.month, f.obliged, f.reported, f.on_time, s.unit
    FROM latest z
    JOIN statistics.frozen_filing f ON f.month = z.month AND f.version = z.version
    JOIN span s ON s.agency = f.agency AND f.month BETWEEN s.first AND s.last
    WHERE f.chain IS NULL
), frozen AS (
    SELECT unit, month, count(*) FILTER (WHERE obliged) AS obliged,
           count(*) FILTER (WHERE obliged AND reported) AS reported,
           count(*) FILTER (WHERE obliged AND on_time) AS on_time
    FROM frozen_line GROUP BY unit, month
)
SELECT u.unit, m.month, COALESCE(l.obliged, 0) AS obliged, COALESCE(l.reported, 0) AS reported,
       COALESCE(l.on_time, 0) AS on_time, z.version, COALESCE(zf.obliged, 0) AS frozen_obliged,
       COALESCE(zf.reported, 0) AS frozen_reported, COALESCE(zf.on_time, 0) AS frozen_on_time
FROM (SELECT DISTINCT unit FROM span) u
CROSS JOIN unnest($1) AS m(month)
LEFT JOIN live l ON l.unit = u.unit AND l.month = m.month
LEFT JOIN latest z ON z.month = m.month
LEFT JOIN frozen zf ON zf.unit = u.unit AND zf.month = m.month
ORDER BY u.unit COLLATE "C", m.month;
