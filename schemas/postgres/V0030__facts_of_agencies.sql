-- Columns of a Table 19 upload that the header had and Table 19 does not know.
SET ROLE agency_matcher;
ALTER TABLE matching.career_load ADD COLUMN ignored_columns text[];
CREATE OR REPLACE VIEW matching.table19_load AS
SELECT l.load_id, l.number, l.mode, l.authority, l.state, l.reason, l.rows, l.persons, l.persons_changed,
       l.persons_kept, l.rejected_count,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('line', r.line, 'reason', r.reason) ORDER BY r.line)
                 FROM matching.career_rejected r WHERE r.load_id = l.load_id), '[]'::jsonb) AS rejected,
       l.received_at, l.committed_at,
       CASE WHEN l.state = 'LOADED' THEN l.persons_changed END AS rematch_persons,
       CASE WHEN l.state = 'LOADED' AND l.first_change_no IS NULL THEN 0
            WHEN l.state = 'LOADED' THEN
                 greatest(0, least(l.last_change_no,
                     (SELECT min(p.change_no) FROM matching.progress p WHERE p.topic = 'chaiqin.file.validated.v1'))
                     - l.first_change_no + 1) END AS rematch_done,
       COALESCE(l.ignored_columns, '{}') AS ignored_columns
FROM matching.career_load l;
RESET ROLE;

-- Establishment, abolition and exemption are facts with their own dates: they hold for every month from the moment they are
-- known, whatever day the version that tells them takes effect (docs/http-api.md, "Loading agencies"). Of establishment and
-- abolition the newest version speaks; of exemptions every version does. The two functions differ from those of V0007 and
-- V0022 in that alone.
CREATE OR REPLACE FUNCTION statistics.filing(of_month int, deadline_end timestamptz)
RETURNS TABLE (agency text, obliged boolean, exempt boolean, reported boolean, zero boolean, on_time boolean, on_time_by_file boolean)
LANGUAGE sql STABLE AS $$
    WITH span AS (SELECT make_date(of_month / 12, of_month % 12 + 1, 1) AS first_day,
                         (make_date(of_month / 12, of_month % 12 + 1, 1) + interval '1 month - 1 day')::date AS last_day),
    newest AS (
        SELECT DISTINCT ON (v.org_code) v.org_code, v.established_on, v.abolished_on
        FROM registry.agency_version v
        ORDER BY v.org_code, v.effective_on DESC),
    exempted AS (
        SELECT DISTINCT v.org_code
        FROM registry.agency_version v, span
        WHERE v.exempt_from <= span.last_day AND COALESCE(v.exempt_to, 'infinity') >= span.first_day),
    posted AS (SELECT p.agency, sum(p.delta) > 0 AS has_post FROM statistics.post p WHERE p.month <= of_month GROUP BY p.agency),
    judged AS (
        SELECT v.org_code, e.org_code IS NOT NULL AS is_exempt,
               COALESCE(v.established_on <= span.first_day, true) AND COALESCE(v.abolished_on > span.last_day, true)
                   AND COALESCE(p.has_post, false) AS would_be,
               COALESCE(c.records > 0, false) AS has_records, COALESCE(c.zero_reports > 0, false) AS has_zero,
               COALESCE(c.first_received_at < deadline_end, false) AS early,
               COALESCE(c.first_file_received_at < deadline_end, false) AS early_by_file
        FROM newest v CROSS JOIN span
        LEFT JOIN exempted e ON e.org_code = v.org_code
        LEFT JOIN posted p ON p.agency = v.org_code
        LEFT JOIN statistics.claim c ON c.agency = v.org_code AND c.month = of_month)
    SELECT org_code, would_be AND NOT is_exempt, is_exempt, has_records OR has_zero, has_zero AND NOT has_records,
           would_be AND NOT is_exempt AND early, would_be AND NOT is_exempt AND early_by_file
    FROM judged
$$;

CREATE OR REPLACE FUNCTION statistics.filing_of(of_agencies text[], of_months int[], deadline_ends timestamptz[])
RETURNS TABLE (agency text, month int, obliged boolean, exempt boolean, reported boolean, zero boolean, on_time boolean,
               on_time_by_file boolean)
LANGUAGE sql STABLE AS $$
    WITH asked AS (
        SELECT m.month, m.deadline_end, row_number() OVER (ORDER BY m.month) - 1 AS place,
               make_date(m.month / 12, m.month % 12 + 1, 1) AS first_day,
               (make_date(m.month / 12, m.month % 12 + 1, 1) + interval '1 month - 1 day')::date AS last_day
        FROM unnest(of_months, deadline_ends) AS m(month, deadline_end)),
    newest AS (
        SELECT DISTINCT ON (v.org_code) v.org_code, v.established_on, v.abolished_on
        FROM registry.agency_version v
        WHERE v.org_code = ANY (of_agencies)
        ORDER BY v.org_code, v.effective_on DESC),
    version AS (
        SELECT n.org_code, n.established_on, n.abolished_on, a.month, a.deadline_end, a.place, a.first_day, a.last_day
        FROM newest n CROSS JOIN asked a),
    exempted AS (
        SELECT DISTINCT v.org_code, a.month
        FROM registry.agency_version v JOIN asked a
            ON v.exempt_from <= a.last_day AND COALESCE(v.exempt_to, 'infinity') >= a.first_day
        WHERE v.org_code = ANY (of_agencies) AND v.exempt_from IS NOT NULL),
    -- Posts that begin or end after one asked month and up to the next; those of a month are the sum up to it.
    moved AS (
        SELECT p.agency, width_bucket(p.month - 1, s.months) AS place, sum(p.delta::int) AS posts
        FROM statistics.post p
        CROSS JOIN (SELECT array_agg(a.month ORDER BY a.month) AS months, max(a.month) AS last FROM asked a) s
        WHERE p.agency = ANY (of_agencies) AND p.month <= s.last
        GROUP BY 1, 2),
    posted AS (
        SELECT v.*, sum(m.posts) OVER (PARTITION BY v.org_code ORDER BY v.month) > 0 AS has_post
        FROM version v LEFT JOIN moved m ON m.agency = v.org_code AND m.place = v.place),
    judged AS (
        SELECT p.org_code, p.month, e.org_code IS NOT NULL AS is_exempt,
               COALESCE(p.established_on <= p.first_day, true) AND COALESCE(p.abolished_on > p.last_day, true)
                   AND COALESCE(p.has_post, false) AS would_be,
               COALESCE(c.records > 0, false) AS has_records, COALESCE(c.zero_reports > 0, false) AS has_zero,
               COALESCE(c.first_received_at < p.deadline_end, false) AS early,
               COALESCE(c.first_file_received_at < p.deadline_end, false) AS early_by_file
        FROM posted p
        LEFT JOIN exempted e ON e.org_code = p.org_code AND e.month = p.month
        LEFT JOIN statistics.claim c ON c.agency = p.org_code AND c.month = p.month)
    SELECT org_code, month, would_be AND NOT is_exempt, is_exempt, has_records OR has_zero, has_zero AND NOT has_records,
           would_be AND NOT is_exempt AND early, would_be AND NOT is_exempt AND early_by_file
    FROM judged
$$;
