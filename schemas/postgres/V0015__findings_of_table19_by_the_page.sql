-- A page of T findings no longer writes the text of every finding of its file: the lines come first, each looked at
-- once instead of once a code, and texts are made when the page has been cut.
SET ROLE agency_matcher;
DROP VIEW matching.t_finding_group, matching.t_finding, matching.every_t_finding;

-- T01-T06, T08, T09 as they stand now, one row a line and code; what their texts are made of. (OFFSET 0: a file's lines
-- are opened once, whatever the planner thinks of their number.)
CREATE VIEW matching.every_t_finding AS
SELECT n.submission_id, f.*, n.agency, n.received_at, n.data_month
FROM matching.noted n
CROSS JOIN LATERAL (
    SELECT (2 + l.kind_type / 256)::smallint AS kind, l.index, r.code,
           (CASE r.severity WHEN 'error' THEN 0 ELSE 1 END)::smallint AS severity, r.field, r.message_zh, r.message_en,
           l.record_no, l.record_seq::bigint AS record_seq, l.day, l.outcome, l.claimed_org, l.org, l.person_id, l.identity
    FROM unnest(n.index, n.identity, n.day, n.kind_type, n.outcome, n.claimed_org, n.org, n.record_no, n.record_seq,
                n.person_id)
        AS l(index, identity, day, kind_type, outcome, claimed_org, org, record_no, record_seq, person_id)
    CROSS JOIN LATERAL unnest(ARRAY[
        CASE WHEN l.outcome & 8 <> 0 THEN 'T0' || CASE WHEN l.outcome & 256 <> 0 THEN (l.outcome & 7) + 1 ELSE 1 END END,
        CASE WHEN l.outcome & 16 <> 0 THEN 'T05' END, CASE WHEN l.outcome & 32 <> 0 THEN 'T06' END,
        CASE WHEN l.outcome & 64 <> 0 THEN 'T08' END, CASE WHEN l.outcome & 128 <> 0 THEN 'T09' END]) AS c(code)
    JOIN registry.rule r ON r.code = c.code AND r.enabled
        AND (r.valid_from IS NULL OR r.valid_from <= (n.received_at AT TIME ZONE 'Asia/Taipei')::date)
        AND (r.valid_to IS NULL OR r.valid_to >= (n.received_at AT TIME ZONE 'Asia/Taipei')::date)
    OFFSET 0) f;

-- The step that decided a matched line, as messages name it.
CREATE FUNCTION matching.deciding_step(outcome smallint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT (ARRAY['', 'SECONDMENT', 'ORG', 'PRIMARY', 'LATEST_START', 'HIGHEST_SEQ'])[(outcome & 7) + 1]
$$;
-- The rule's message for one line; T05 names the agency found, with its name on that day, to whom it may be shown.
-- Its cost makes a sorted page be cut first.
CREATE FUNCTION matching.t_message(code text, message text, outcome smallint, org text, day int) RETURNS text
LANGUAGE sql STABLE COST 1000 AS $$
    SELECT CASE
        WHEN code = 'T05' AND outcome & 256 <> 0 THEN replace(message, '{org}', org || ' ' || COALESCE(
            (SELECT a.name FROM registry.agency_version a WHERE a.org_code = org
             ORDER BY a.effective_on <= date '1970-01-01' + day DESC,
                      CASE WHEN a.effective_on <= date '1970-01-01' + day THEN a.effective_on END DESC NULLS LAST,
                      a.effective_on LIMIT 1), ''))
        WHEN code = 'T05' THEN split_part(message, '，', 1)
        WHEN code = 'T06' THEN replace(message, '{規則}', matching.deciding_step(outcome))
        ELSE message END
$$;

-- The details as they are shown, columns as validation.finding; at most 1,000 a file and code.
CREATE VIEW matching.t_finding AS
SELECT submission_id, kind, index,
       (CASE WHEN kind = 2 THEN '/leave_records/' ELSE '/overtime_records/' END || index || '/' || field) COLLATE "C" AS pointer,
       code, 0 AS seq, severity, record_no, record_seq, field,
       CASE field WHEN 'person_id' THEN '身分證統一編號' WHEN 'org_code' THEN '服務機關代碼'
            WHEN 'start_date' THEN CASE WHEN kind = 2 THEN '請假起日' ELSE '加班起日' END
            ELSE field END AS field_name,
       CASE field WHEN 'person_id' THEN person_id WHEN 'org_code' THEN claimed_org
            WHEN 'start_date' THEN CASE WHEN kind = 2 THEN
                 lpad((extract(year FROM date '1970-01-01' + day) - 1911)::text, 3, '0')
                 || to_char(date '1970-01-01' + day, 'MMDD') END
            END AS value,
       NULL::text AS expected,
       matching.t_message(code, message_zh, outcome, org, day) AS message,
       CASE code WHEN 'T06' THEN replace(message_en, '{rule}', matching.deciding_step(outcome)) ELSE message_en END AS message_en,
       identity, agency, received_at, data_month
FROM (SELECT t.*, row_number() OVER (PARTITION BY t.submission_id, t.code ORDER BY t.kind, t.index) AS number
      FROM matching.every_t_finding t) t
WHERE number <= 1000;

-- All of them counted; a group's message is its first line's.
CREATE VIEW matching.t_finding_group AS
SELECT submission_id, code, severity, field,
       matching.t_message(code, (lines[1]).message_zh, (lines[1]).outcome, (lines[1]).org, (lines[1]).day) AS message, count,
       ARRAY(SELECT l.index FROM unnest(lines[1:5]) AS l ORDER BY l.kind, l.index) AS first
FROM (SELECT submission_id, code, severity, field, count(*) AS count, array_agg(t ORDER BY kind, index) AS lines
      FROM matching.every_t_finding t GROUP BY submission_id, code, severity, field) g;

GRANT SELECT ON matching.t_finding, matching.t_finding_group TO query;
RESET ROLE;
