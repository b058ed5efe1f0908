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
-- under the authority, $6 status, '' for all, $7 how many rows.
SELECT x.agency, x.status, x.on_time FROM (
    SELECT f.agency, query.filing_status(f.obliged, f.reported, f.exempt, f.zero,
        $3::boolean) AS status, f.on_time
    FROM statistics.filing($1::int, $2::timestamptz) f
    WHERE (f.agency IN (SELECT unnest($4::text[]))) IS TRUE AND f.agency COLLATE "C" > $5::text) x
WHERE $6::text = '' OR x.status = $6
ORDER BY x.agency COLLATE "C" LIMIT $7::bigint;
