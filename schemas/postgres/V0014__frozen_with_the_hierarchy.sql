-- A frozen figure of a supervising agency must not follow a hierarchy that is mended later, so each frozen line keeps
-- who stood above the agency on the month's last day. Lines frozen before have no chain: theirs is today's knowledge.
SET ROLE statistics_aggregator;
ALTER TABLE statistics.frozen_filing ADD COLUMN chain text[] COLLATE "C";  -- the agency, the one above it, …
ALTER TABLE statistics.frozen_filing ALTER COLUMN chain SET STATISTICS 0;
CREATE FUNCTION statistics.chain(of_month int) RETURNS TABLE (agency text, chain text[])
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE last AS (
        SELECT (make_date(of_month / 12, of_month % 12 + 1, 1) + interval '1 month - 1 day')::date AS day),
    version AS (
        SELECT DISTINCT ON (v.org_code) v.org_code, v.supervising_org_code
        FROM registry.agency_version v, last
        ORDER BY v.org_code, v.effective_on <= last.day DESC,
                 CASE WHEN v.effective_on <= last.day THEN v.effective_on END DESC NULLS LAST, v.effective_on),
    up AS (
        SELECT v.org_code, ARRAY[v.org_code] AS chain, v.supervising_org_code AS above FROM version v
        UNION ALL
        SELECT u.org_code, u.chain || v.org_code, v.supervising_org_code
        FROM up u JOIN version v ON v.org_code = u.above WHERE v.org_code <> ALL (u.chain))
    SELECT DISTINCT ON (org_code) org_code, chain FROM up ORDER BY org_code, cardinality(chain) DESC
$$;
RESET ROLE;
