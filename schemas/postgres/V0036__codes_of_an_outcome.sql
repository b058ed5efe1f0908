-- Which findings of Table 19 a line has is said in one place, so that they can be counted without being written out.
SET ROLE agency_matcher;
-- Codes by the bits of an outcome; NULL where one is not.
CREATE FUNCTION matching.t_codes(outcome smallint) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY[
        CASE WHEN outcome & 8 <> 0 THEN 'T0' || CASE WHEN outcome & 256 <> 0 THEN (outcome & 7) + 1 ELSE 1 END END,
        CASE WHEN outcome & 16 <> 0 THEN 'T05' END, CASE WHEN outcome & 32 <> 0 THEN 'T06' END,
        CASE WHEN outcome & 64 <> 0 THEN 'T08' END, CASE WHEN outcome & 128 <> 0 THEN 'T09' END]
$$;
CREATE OR REPLACE VIEW matching.every_t_finding AS
SELECT n.submission_id, f.kind, f.index, f.code, f.severity, f.field, f.message_zh, f.message_en, f.record_no, f.record_seq,
       f.day, f.outcome, f.claimed_org, f.org, f.person_id, f.identity, n.agency, n.received_at, n.data_month, f."position"
FROM matching.noted n
CROSS JOIN LATERAL (
    SELECT (2 + l.kind_type / 256)::smallint AS kind, l.index, r.code,
           (CASE r.severity WHEN 'error' THEN 0 ELSE 1 END)::smallint AS severity, r.field, r.message_zh, r.message_en,
           l.record_no, l.record_seq::bigint AS record_seq, l.day, l.outcome, l.claimed_org, l.org, l.person_id, l.identity,
           l."position"
    FROM unnest(n.index, n.identity, n.day, n.kind_type, n.outcome, n.claimed_org, n.org, n.record_no, n.record_seq,
                n.person_id, n."position")
        AS l(index, identity, day, kind_type, outcome, claimed_org, org, record_no, record_seq, person_id, "position")
    CROSS JOIN LATERAL unnest(matching.t_codes(l.outcome)) AS c(code)
    JOIN registry.rule r ON r.code = c.code AND r.enabled
        AND (r.valid_from IS NULL OR r.valid_from <= (n.received_at AT TIME ZONE 'Asia/Taipei')::date)
        AND (r.valid_to IS NULL OR r.valid_to >= (n.received_at AT TIME ZONE 'Asia/Taipei')::date)
    OFFSET 0) f;
-- The same counted, for files that a statement names in its own way: $1 outcomes of a file's noted lines, $2 when it was
-- received.
CREATE FUNCTION matching.t_finding_counts(outcomes smallint[], received_at timestamptz)
RETURNS TABLE (code text, severity smallint, count bigint) LANGUAGE sql STABLE AS $$
    SELECT r.code, (CASE r.severity WHEN 'error' THEN 0 ELSE 1 END)::smallint, sum(o.lines)::bigint
    FROM (SELECT outcome, count(*) AS lines FROM unnest(outcomes) AS outcome GROUP BY outcome) o
    CROSS JOIN LATERAL unnest(matching.t_codes(o.outcome)) AS c(code)
    JOIN registry.rule r ON r.code = c.code AND r.enabled
        AND (r.valid_from IS NULL OR r.valid_from <= (received_at AT TIME ZONE 'Asia/Taipei')::date)
        AND (r.valid_to IS NULL OR r.valid_to >= (received_at AT TIME ZONE 'Asia/Taipei')::date)
    GROUP BY r.code, r.severity
$$;
GRANT EXECUTE ON FUNCTION matching.t_finding_counts(smallint[], timestamptz) TO query;
GRANT SELECT (outcome) ON matching.noted TO query;
RESET ROLE;
