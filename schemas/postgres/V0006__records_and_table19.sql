-- The matcher's record store (one row a file, its columns arrays), the look-ups beside it, its findings, Table 19
-- (表19 經歷檔) with its change log, and the views that the query service and the aggregator read.
--
-- outcome (smallint) says how a stored line stands:
--   bits 0-3  the deciding step: 0 the only row, 1 SECONDMENT, 2 ORG, 3 PRIMARY, 4 LATEST_START, 5 HIGHEST_SEQ;
--             or why nothing matched: 8 NO_PERSON, 9 BEFORE_FIRST, 10 GAP, 11 AFTER_LAST (bit 3 = unmatched)
--   16 T05 · 32 T06 · 64 T08 · 128 T09
--   512 its T findings have been answered by a later file
--   256 shown: the agency found (T05), or every row of the person (T02-T04), is within the sender's scope
--   4096 a delete instruction (tombstone) · 8192 superseded: no longer the last word on its identity
-- A line is live when neither 4096 nor 8192 is set.
SET ROLE agency_matcher;

-- Only lines that were stored: A lines that became live, D lines that made or raised a tombstone. Columns that SQL
-- reads are arrays; those that only the matcher reads are packed
-- integers in network order, of the width given in bytes.
CREATE TABLE matching.file_record (
    submission_id uuid NOT NULL PRIMARY KEY,
    agency        text COLLATE "C" NOT NULL,
    slot          smallint NOT NULL,
    received_at   timestamptz NOT NULL,
    first_month   int NOT NULL,             -- of the A lines; 0 and -1 when there is none
    last_month    int NOT NULL,
    leave_lines   int NOT NULL,             -- elements of leave_records: line - leave_lines = overtime index
    orgs          text[] NOT NULL,          -- dictionary of claimed_org (from 0) and org (from 1)
    line          bytea NOT NULL,           -- 4
    identity      bytea NOT NULL,           -- 8
    token         bytea NOT NULL,           -- 8
    content       bytea NOT NULL,           -- 8
    claimed_org   bytea NOT NULL,           -- 4
    day_count     bytea NOT NULL,           -- 4
    revision      bytea NOT NULL,           -- 4
    day           int[] NOT NULL,           -- days since 1970-01-01; 0 for D lines
    minutes       int[] NOT NULL,
    kind_type     smallint[] NOT NULL,      -- kind * 256 + type
    org           int[] NOT NULL,           -- attribution: index into orgs, 0 = none
    outcome       smallint[] NOT NULL,
    record_no     text NOT NULL,            -- one a line, joined by line feeds
    record_seq    bytea NOT NULL,           -- 4
    masked_person_id text NOT NULL          -- one a line, joined by line feeds
) WITH (fillfactor = 85);
ALTER TABLE matching.file_record
    ALTER line SET COMPRESSION lz4, ALTER claimed_org SET COMPRESSION lz4, ALTER day_count SET COMPRESSION lz4,
    ALTER revision SET COMPRESSION lz4, ALTER day SET COMPRESSION lz4, ALTER minutes SET COMPRESSION lz4,
    ALTER kind_type SET COMPRESSION lz4, ALTER org SET COMPRESSION lz4, ALTER outcome SET COMPRESSION lz4,
    ALTER record_no SET COMPRESSION lz4, ALTER record_seq SET COMPRESSION lz4,
    ALTER masked_person_id SET COMPRESSION lz4,
    ALTER identity SET STORAGE EXTERNAL, ALTER token SET STORAGE EXTERNAL, ALTER content SET STORAGE EXTERNAL;
CREATE INDEX file_record_by_agency ON matching.file_record (agency);

-- Which files of an agency may hold an identity: ascending high halves, 4 bytes each. Read once an agency and batch;
-- rows are merged when an agency has many, then `owner` says for each prefix which of the submissions it is of.
CREATE TABLE matching.identity_prefix (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency      text COLLATE "C" NOT NULL,
    submissions text[] NOT NULL,
    prefix      bytea NOT NULL,             -- 4, ascending
    owner       bytea NOT NULL              -- 2 a prefix, from 0; empty when there is one submission
);
ALTER TABLE matching.identity_prefix ALTER prefix SET STORAGE EXTERNAL, ALTER owner SET COMPRESSION lz4;
CREATE INDEX identity_prefix_by_agency ON matching.identity_prefix (agency);

-- Which files of a slot may hold a person's lines: ascending high halves of the tokens, 4 bytes each.
CREATE TABLE matching.person_prefix (
    submission_id uuid NOT NULL PRIMARY KEY,
    slot          smallint NOT NULL,
    prefix        bytea NOT NULL            -- 4, ascending, each once
);
ALTER TABLE matching.person_prefix ALTER prefix SET STORAGE EXTERNAL;
CREATE INDEX person_prefix_by_slot ON matching.person_prefix (slot);

-- The lines of a file of which Table 19 has something to say (unmatched or T05, T06, T08, T09), as they stand now:
-- what the unmatched list and the T findings are made of. Rewritten by re-match.
CREATE TABLE matching.noted (
    submission_id uuid NOT NULL PRIMARY KEY,
    agency        text COLLATE "C" NOT NULL,
    received_at   timestamptz NOT NULL,
    data_month    int NOT NULL,
    "position"    int[] NOT NULL,           -- of the line in matching.file_record, from 0
    index         int[] NOT NULL,           -- of the record in its array
    identity      bigint[] NOT NULL,
    token         bigint[] NOT NULL,
    day           int[] NOT NULL,
    kind_type     smallint[] NOT NULL,
    outcome       smallint[] NOT NULL,
    claimed_org   text[] NOT NULL,
    org           text[] NOT NULL,          -- '' when unmatched
    record_no     text[] NOT NULL,
    record_seq    int[] NOT NULL,
    person_id     text[] NOT NULL           -- masked
) WITH (fillfactor = 85);
CREATE INDEX noted_by_agency ON matching.noted (agency, received_at DESC, submission_id DESC);

-- Old and new attribution of re-matched lines; one row a file and re-match, for ever.
CREATE TABLE matching.attribution_change (
    submission_id uuid NOT NULL,
    change_no     bigint NOT NULL,          -- the log was applied up to here
    changed_at    timestamptz NOT NULL,
    line          int[] NOT NULL,
    load_no       bigint[] NOT NULL,
    old_org       text[] NOT NULL,          -- '' = unmatched
    new_org       text[] NOT NULL,
    old_outcome   smallint[] NOT NULL,
    new_outcome   smallint[] NOT NULL,
    PRIMARY KEY (submission_id, change_no)
);
CREATE VIEW matching.attribution_history AS
SELECT c.submission_id, c.change_no, c.changed_at, l.line, l.load_no, l.old_org, l.new_org, l.old_outcome, l.new_outcome
FROM matching.attribution_change c
CROSS JOIN LATERAL unnest(c.line, c.load_no, c.old_org, c.new_org, c.old_outcome, c.new_outcome)
    AS l(line, load_no, old_org, new_org, old_outcome, new_outcome);

-- U02-U05, columns as validation.finding.
CREATE TABLE matching.finding (
    submission_id uuid NOT NULL,
    kind          smallint NOT NULL,
    index         int NOT NULL,
    pointer       text COLLATE "C" NOT NULL,
    code          text COLLATE "C" NOT NULL,
    seq           int NOT NULL,
    severity      smallint NOT NULL,        -- 0 error 1 warning
    record_no     text, record_seq bigint,
    field text NOT NULL, field_name text NOT NULL, value text, expected text,
    message text NOT NULL, message_en text NOT NULL,
    identity      bigint,
    agency        text COLLATE "C" NOT NULL,
    received_at   timestamptz NOT NULL,
    data_month    int,
    PRIMARY KEY (submission_id, kind, index, pointer, code, seq)
);
CREATE INDEX finding_by_agency ON matching.finding (agency, received_at DESC, submission_id DESC);
CREATE TABLE matching.finding_group (
    submission_id uuid NOT NULL, code text COLLATE "C" NOT NULL, severity smallint NOT NULL,
    field text COLLATE "C" NOT NULL, message text NOT NULL, count bigint NOT NULL, first int[] NOT NULL,
    PRIMARY KEY (submission_id, code, severity, field)
);

-- Identities of lines with findings that no later line without error has answered yet; one row a file.
CREATE TABLE matching.open_finding (
    submission_id uuid NOT NULL PRIMARY KEY,
    agency        text COLLATE "C" NOT NULL,
    later_than    timestamptz,              -- of a rejected file: only files received after it answer
    identity      bytea NOT NULL            -- 8, ascending
);
ALTER TABLE matching.open_finding ALTER identity SET STORAGE EXTERNAL;
CREATE INDEX open_finding_by_agency ON matching.open_finding (agency);
-- Rejected files never come this way; their findings are taken over with the next file of the agency.
CREATE TABLE matching.rejected_seen (submission_id uuid NOT NULL PRIMARY KEY);
-- … and those that one has: by the first such file.
CREATE TABLE matching.fixed (
    submission_id uuid NOT NULL,
    fixed_by      uuid NOT NULL,
    identity      bigint[] NOT NULL,
    PRIMARY KEY (submission_id, fixed_by)
);
-- A finding with an identity (the validator's, U or T) is FIXED when it has a row here, OPEN else.
CREATE VIEW matching.fixed_finding AS
SELECT f.submission_id, i.identity, f.fixed_by
FROM matching.fixed f CROSS JOIN LATERAL unnest(f.identity) AS i(identity);
-- A finding of a file or envelope is FIXED by the submission this gives, OPEN when it gives none.
CREATE FUNCTION matching.file_fixed_by(of_agency text, of_month int, of_received_at timestamptz, of_submission uuid)
RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT s.submission_id FROM validation.submission s
    WHERE s.agency = of_agency AND (of_month IS NULL OR s.data_month = of_month) AND s.verdict = 'ACCEPTED'
      AND (s.received_at, s.submission_id) > (of_received_at, of_submission)
      AND NOT EXISTS (SELECT 1 FROM matching.quarantine q
                      WHERE q.event_id LIKE s.submission_id::text || '/%' AND q.replayed_at IS NULL)
    ORDER BY s.received_at, s.submission_id LIMIT 1
$$;

-- Table 19: one row a person and authority, its postings as arrays in the order of seq.
CREATE TABLE matching.career (
    token     bigint NOT NULL,
    authority text COLLATE "C" NOT NULL,
    seq       smallint[] NOT NULL,
    org       text[] NOT NULL,
    post_kind smallint[] NOT NULL,          -- 1 本職 2 借調 3 支援 4 兼職 5 代理 9 留職停薪
    start_day int[] NOT NULL,
    end_day   int[] NOT NULL,               -- 2147483647 = in post
    PRIMARY KEY (token, authority)
) WITH (fillfactor = 90);
-- One line for each person whose rows a load changed; numbers follow each other without a gap.
CREATE TABLE matching.table19_change (
    change_no  bigint NOT NULL PRIMARY KEY,
    token      bigint NOT NULL,
    load_no    bigint NOT NULL
);
CREATE TABLE matching.career_load (
    load_id       uuid NOT NULL PRIMARY KEY,
    number        bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    mode          text NOT NULL,            -- snapshot, changes
    authority     text COLLATE "C" NOT NULL,
    force         boolean NOT NULL,
    state         text NOT NULL,            -- RECEIVED LOADED REFUSED FAILED
    reason        text,                     -- REFUSED, FAILED: a sentence
    received_at   timestamptz NOT NULL,
    chunks        int NOT NULL DEFAULT 0,   -- staged so far
    chunk_count   int,                      -- known with the last one
    total_bytes   bigint, sha256 text,      -- of the whole upload
    completed_no  bigint,                   -- order in which loads became complete: the order they apply in
    tries         int NOT NULL DEFAULT 0,   -- processes that began to apply it
    rows bigint, persons bigint, persons_changed bigint, persons_kept bigint, rejected_count bigint,
    committed_at  timestamptz,
    first_change_no bigint, last_change_no bigint,
    batch_id      bigint,                   -- of its post deltas
    announced     boolean NOT NULL DEFAULT false
);
CREATE INDEX career_load_waiting ON matching.career_load (completed_no) WHERE state = 'RECEIVED';
CREATE INDEX career_load_unannounced ON matching.career_load (batch_id) WHERE batch_id IS NOT NULL AND NOT announced;
CREATE INDEX career_load_by_authority ON matching.career_load (authority, number);
CREATE INDEX career_load_by_change ON matching.career_load (last_change_no DESC NULLS LAST);
CREATE SEQUENCE matching.career_load_completed;
CREATE TABLE matching.career_chunk (
    load_id uuid NOT NULL, index int NOT NULL,
    sealed  bytea NOT NULL,                 -- as on the topic
    PRIMARY KEY (load_id, index)
);
ALTER TABLE matching.career_chunk ALTER sealed SET STORAGE EXTERNAL;
CREATE TABLE matching.career_rejected (
    load_id uuid NOT NULL, line bigint NOT NULL, reason text NOT NULL,
    PRIMARY KEY (load_id, line)
);
-- A load as the HTTP API shows it.
CREATE VIEW matching.table19_load AS
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
                     - l.first_change_no + 1) END AS rematch_done
FROM matching.career_load l;

-- Every stored line; `counted` lines are what the monthly counts are made of.
CREATE VIEW matching.record AS
SELECT f.submission_id, f.agency, f.slot, f.received_at, r.position - 1 AS "position",
       (r.kind_type / 256)::smallint AS kind, (r.kind_type % 256)::smallint AS type, r.day,
       (extract(year FROM date '1970-01-01' + r.day) * 12 + extract(month FROM date '1970-01-01' + r.day) - 1)::int AS month,
       r.minutes, CASE WHEN r.org > 0 THEN f.orgs[r.org] END AS org, r.outcome,
       r.outcome & 8192 = 0 AS head, r.outcome & 4096 <> 0 AS deletion, r.outcome & 12288 = 0 AS live,
       r.outcome & 12296 = 0 AS counted
FROM matching.file_record f
CROSS JOIN LATERAL unnest(f.day, f.minutes, f.kind_type, f.org, f.outcome)
    WITH ORDINALITY AS r(day, minutes, kind_type, org, outcome, position);

-- Monthly counts counted again from the records.
CREATE VIEW matching.recount AS
SELECT org AS agency, month, kind, type, count(*) AS records, sum(minutes) AS minutes
FROM matching.record WHERE counted GROUP BY org, month, kind, type;

-- T01-T06, T08, T09 as they stand now, columns as validation.finding: all of them, and the details as they are shown,
-- at most 1,000 a file and code. (The partition names all columns that readers filter by, so that filters go inside.)
CREATE VIEW matching.every_t_finding AS
SELECT n.submission_id, (2 + l.kind_type / 256)::smallint AS kind, l.index,
       (CASE WHEN l.kind_type < 256 THEN '/leave_records/' ELSE '/overtime_records/' END || l.index || '/' || r.field)
           COLLATE "C" AS pointer,
       c.code COLLATE "C" AS code, 0 AS seq, (CASE r.severity WHEN 'error' THEN 0 ELSE 1 END)::smallint AS severity,
       l.record_no, l.record_seq::bigint AS record_seq, r.field,
       CASE r.field WHEN 'person_id' THEN '身分證統一編號' WHEN 'org_code' THEN '服務機關代碼'
            WHEN 'start_date' THEN CASE WHEN l.kind_type < 256 THEN '請假起日' ELSE '加班起日' END
            ELSE r.field END AS field_name,
       CASE r.field WHEN 'person_id' THEN l.person_id WHEN 'org_code' THEN l.claimed_org
            WHEN 'start_date' THEN CASE WHEN l.kind_type < 256 THEN
                 lpad((extract(year FROM date '1970-01-01' + l.day) - 1911)::text, 3, '0')
                 || to_char(date '1970-01-01' + l.day, 'MMDD') END
            END AS value,
       NULL::text AS expected,
       CASE c.code
            WHEN 'T05' THEN CASE WHEN l.outcome & 256 <> 0
                 THEN replace(r.message_zh, '{org}', l.org || ' ' || COALESCE(o.name, ''))
                 ELSE split_part(r.message_zh, '，', 1) END
            WHEN 'T06' THEN replace(r.message_zh, '{規則}', s.step)
            ELSE r.message_zh END AS message,
       CASE c.code WHEN 'T06' THEN replace(r.message_en, '{rule}', s.step) ELSE r.message_en END AS message_en,
       l.identity, n.agency, n.received_at, n.data_month
FROM matching.noted n
CROSS JOIN LATERAL unnest(n.index, n.identity, n.day, n.kind_type, n.outcome, n.claimed_org, n.org, n.record_no,
                          n.record_seq, n.person_id)
    AS l(index, identity, day, kind_type, outcome, claimed_org, org, record_no, record_seq, person_id)
CROSS JOIN LATERAL (SELECT (ARRAY['', 'SECONDMENT', 'ORG', 'PRIMARY', 'LATEST_START', 'HIGHEST_SEQ'])[(l.outcome & 7) + 1] AS step,
                           CASE WHEN l.outcome & 8 = 0 THEN 0 WHEN l.outcome & 256 <> 0 THEN l.outcome & 15 ELSE 8 END AS reason) s
JOIN (VALUES ('T01', 8, 0), ('T02', 9, 0), ('T03', 10, 0), ('T04', 11, 0),
             ('T05', 0, 16), ('T06', 0, 32), ('T08', 0, 64), ('T09', 0, 128)) AS c(code, reason, bit)
    ON (c.reason <> 0 AND c.reason = s.reason) OR l.outcome & c.bit <> 0
JOIN registry.rule r ON r.code = c.code AND r.enabled
    AND (r.valid_from IS NULL OR r.valid_from <= (n.received_at AT TIME ZONE 'Asia/Taipei')::date)
    AND (r.valid_to IS NULL OR r.valid_to >= (n.received_at AT TIME ZONE 'Asia/Taipei')::date)
LEFT JOIN LATERAL (SELECT a.name FROM registry.agency_version a WHERE c.code = 'T05' AND a.org_code = l.org
                   ORDER BY a.effective_on <= date '1970-01-01' + l.day DESC,
                            CASE WHEN a.effective_on <= date '1970-01-01' + l.day THEN a.effective_on END DESC NULLS LAST,
                            a.effective_on LIMIT 1) o ON true;
CREATE VIEW matching.t_finding AS
SELECT submission_id, kind, index, pointer, code, seq, severity, record_no, record_seq, field, field_name, value, expected,
       message, message_en, identity, agency, received_at, data_month
FROM (SELECT t.*, row_number() OVER (PARTITION BY t.submission_id, t.agency, t.received_at, t.code ORDER BY t.kind, t.index) AS number
      FROM matching.every_t_finding t) t
WHERE number <= 1000;
CREATE VIEW matching.t_finding_group AS
SELECT submission_id, code, severity, field, min(message) AS message, count(*) AS count,
       (array_agg(index ORDER BY kind, index))[1:5] AS first
FROM matching.every_t_finding GROUP BY submission_id, code, severity, field;

-- Live lines that found no Table 19 row on their date; `reason` is the one that may be shown to the sender.
CREATE VIEW matching.unmatched AS
SELECT n.submission_id, n.agency, (l.kind_type / 256)::smallint AS kind, l.index, l.record_no,
       l.record_seq, l.person_id, date '1970-01-01' + l.day AS date, s.reason, n.received_at,
       CASE WHEN s.reason <> 'NO_PERSON' THEN 'personnel_office'
            WHEN l.outcome & 15 = 8 THEN 'attendance_clerk'
            WHEN EXISTS (SELECT 1 FROM matching.file_record f
                         WHERE f.agency = n.agency AND position(int8send(l.token) IN f.token) > 0
                           AND EXISTS (SELECT 1 FROM generate_series(0, length(f.token) / 8 - 1) AS p(at)
                                       WHERE substring(f.token FROM p.at * 8 + 1 FOR 8) = int8send(l.token)
                                         AND f.outcome[p.at + 1] & 12296 = 0))
            THEN 'personnel_office'
            ELSE 'attendance_clerk' END AS mend
FROM matching.noted n
CROSS JOIN LATERAL unnest(n.index, n.token, n.day, n.kind_type, n.outcome, n.record_no, n.record_seq, n.person_id)
    AS l(index, token, day, kind_type, outcome, record_no, record_seq, person_id)
CROSS JOIN LATERAL (SELECT CASE WHEN l.outcome & 256 = 0 THEN 'NO_PERSON'
    ELSE (ARRAY['NO_PERSON', 'BEFORE_FIRST', 'GAP', 'AFTER_LAST'])[(l.outcome & 7) + 1] END AS reason) s
WHERE l.outcome & 12288 = 0 AND l.outcome & 8 <> 0;

GRANT SELECT ON matching.attribution_history, matching.finding, matching.finding_group, matching.fixed_finding,
    matching.t_finding, matching.t_finding_group, matching.unmatched, matching.table19_load, matching.record,
    matching.recount TO query;
GRANT SELECT ON matching.record, matching.recount, matching.unmatched TO statistics_aggregator;
RESET ROLE;

-- The matcher asks for an agency's rejected files once a batch; there are few.
SET ROLE validator;
CREATE INDEX submission_rejected ON validation.submission (agency) WHERE verdict = 'REJECTED_FILE';
RESET ROLE;
