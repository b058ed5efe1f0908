-- The findings feed and reminders. The feed: every finding that opened or was fixed, in one order that never changes. Findings are written by two
-- services in many transactions at once, so a number given while they write could become visible after a greater one. The
-- triggers here therefore only say which file's findings may have changed. The service notification compares the file's
-- findings with what it has told so far, and writes down the difference, one transaction after the other.

-- The revision of the record that a finding is about, so that an attendance system knows which of its own it is.
SET ROLE validator;
ALTER TABLE validation.finding ADD COLUMN revision bigint;
GRANT SELECT ON validation.finding TO notification;
-- file_fixed_by() asks these.
GRANT SELECT (submission_id, agency, data_month, verdict, received_at) ON validation.submission TO notification;
GRANT USAGE ON SCHEMA validation TO notification;
RESET ROLE;
SET ROLE agency_matcher;
ALTER TABLE matching.finding ADD COLUMN revision bigint;
GRANT USAGE ON SCHEMA matching TO notification;
GRANT SELECT ON matching.finding, matching.t_finding, matching.fixed_finding, matching.file TO notification;
GRANT SELECT (submission_id, revision) ON matching.file_record TO notification;
GRANT SELECT (event_id, replayed_at) ON matching.quarantine TO notification;
-- T findings also say at which stored line they stand.
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
    CROSS JOIN LATERAL unnest(ARRAY[
        CASE WHEN l.outcome & 8 <> 0 THEN 'T0' || CASE WHEN l.outcome & 256 <> 0 THEN (l.outcome & 7) + 1 ELSE 1 END END,
        CASE WHEN l.outcome & 16 <> 0 THEN 'T05' END, CASE WHEN l.outcome & 32 <> 0 THEN 'T06' END,
        CASE WHEN l.outcome & 64 <> 0 THEN 'T08' END, CASE WHEN l.outcome & 128 <> 0 THEN 'T09' END]) AS c(code)
    JOIN registry.rule r ON r.code = c.code AND r.enabled
        AND (r.valid_from IS NULL OR r.valid_from <= (n.received_at AT TIME ZONE 'Asia/Taipei')::date)
        AND (r.valid_to IS NULL OR r.valid_to >= (n.received_at AT TIME ZONE 'Asia/Taipei')::date)
    OFFSET 0) f;
CREATE OR REPLACE VIEW matching.t_finding AS
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
       identity, agency, received_at, data_month, "position"
FROM (SELECT t.*, row_number() OVER (PARTITION BY t.submission_id, t.code ORDER BY t.kind, t.index) AS number
      FROM matching.every_t_finding t) t
WHERE number <= 1000;
RESET ROLE;

-- Files whose findings may have changed.
CREATE TABLE portal.finding_due (
    number        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    submission_id uuid NOT NULL,
    again         boolean NOT NULL          -- Table 19 was asked again about a file that had been matched before
);
CREATE FUNCTION portal.note_finding_due() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO portal.finding_due (submission_id, again)
    SELECT DISTINCT submission_id, TG_TABLE_NAME = 'noted' AND TG_OP <> 'INSERT' FROM changed;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION portal.note_finding_due() FROM PUBLIC;
CREATE TRIGGER finding_due_of_added AFTER INSERT ON validation.finding
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due();
CREATE TRIGGER finding_due_of_removed AFTER DELETE ON validation.finding
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due();
CREATE TRIGGER finding_due_of_added AFTER INSERT ON matching.finding
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due();
CREATE TRIGGER finding_due_of_answered AFTER INSERT ON matching.fixed
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due();
CREATE TRIGGER finding_due_of_stored AFTER INSERT ON matching.file
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due();
CREATE TRIGGER finding_due_of_added AFTER INSERT ON matching.noted
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due();
CREATE TRIGGER finding_due_of_changed AFTER UPDATE ON matching.noted
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due();
CREATE TRIGGER finding_due_of_removed AFTER DELETE ON matching.noted
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due();
GRANT USAGE ON SCHEMA portal TO notification;
GRANT SELECT, DELETE ON portal.finding_due TO notification;

-- What was found before the feed began stands in it, too.
INSERT INTO portal.finding_due (submission_id, again)
SELECT submission_id, false
FROM (SELECT submission_id, received_at FROM validation.finding
      UNION SELECT submission_id, received_at FROM matching.finding
      UNION SELECT submission_id, received_at FROM matching.noted) x
ORDER BY received_at, submission_id;

SET ROLE notification;
CREATE TABLE notification.finding_change (
    change_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency        text COLLATE "C" NOT NULL,
    submission_id uuid NOT NULL,
    opened        boolean NOT NULL,         -- else fixed
    at            timestamptz NOT NULL,
    fixed_by      uuid,                     -- the file that fixed it; NULL where Table 19 did
    kind          smallint NOT NULL,        -- these five name a finding within its file, as in validation.finding
    index         int NOT NULL,
    pointer       text COLLATE "C" NOT NULL,
    code          text COLLATE "C" NOT NULL,
    seq           int NOT NULL,
    severity      smallint NOT NULL,
    record_no     text, record_seq bigint, revision bigint,
    field         text NOT NULL,
    message       text NOT NULL,
    is_open       boolean NOT NULL,         -- it opened here and is not fixed yet
    to_be_told    boolean NOT NULL          -- a re-match changed it and the agency has not been told
);
CREATE INDEX finding_change_by_agency ON notification.finding_change (agency, change_no);
CREATE INDEX finding_change_of_file ON notification.finding_change (submission_id);
CREATE INDEX finding_change_open_of_files ON notification.finding_change (agency) WHERE is_open AND kind < 2;
CREATE INDEX finding_change_to_be_told ON notification.finding_change (agency, change_no) WHERE to_be_told;
GRANT SELECT (change_no, agency, submission_id, opened, at, fixed_by, kind, index, pointer, code, seq, severity, record_no,
              record_seq, revision, field, message) ON notification.finding_change TO query;
GRANT USAGE ON SCHEMA notification TO query;
RESET ROLE;

-- Reminders (催報) wait until the service notification has told them.
ALTER TABLE portal.reminder ADD COLUMN to_be_told boolean NOT NULL DEFAULT false;
CREATE INDEX reminder_to_be_told ON portal.reminder (sent_at) WHERE to_be_told;
GRANT INSERT ON portal.reminder TO gateway;
GRANT SELECT (agency) ON portal.reminder TO gateway;
GRANT SELECT, UPDATE (to_be_told) ON portal.reminder TO notification;

-- A mail need not belong to a notice: the digest for supervising agencies is a mail alone.
SET ROLE notification;
ALTER TABLE notification.delivery DROP CONSTRAINT delivery_pkey;
ALTER TABLE notification.delivery ALTER COLUMN notice_id DROP NOT NULL;
ALTER TABLE notification.delivery ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;
CREATE UNIQUE INDEX delivery_of_notice ON notification.delivery (notice_id) WHERE notice_id IS NOT NULL;
CREATE UNIQUE INDEX delivery_of_mail_alone ON notification.delivery (message_id) WHERE notice_id IS NULL;
RESET ROLE;
