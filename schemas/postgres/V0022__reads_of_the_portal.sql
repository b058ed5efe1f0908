-- What the portal's reads need beside the tables that stand: open errors and unmatched records counted beforehand, filing of some agencies for
-- several months, marks of read notices, what was told in a reminder, and the rights of the query service.

-- Errors that are still open, one row per file that has any: the workbench adds them up by agency and month. Findings and
-- answers are written by two services, so the triggers count with the owner's rights. A file is counted anew as a whole:
-- whatever comes first, findings, answers or a second verdict, the count is that of the tables.
CREATE TABLE portal.open_error (
    submission_id uuid PRIMARY KEY,
    agency        text COLLATE "C" NOT NULL,
    month         int NOT NULL,             -- of the data; of the receipt where that could not be read
    data_month    int,
    received_at   timestamptz NOT NULL,
    file_errors   bigint NOT NULL,          -- of file and envelope; matching.file_fixed_by() says whether they are open
    line_errors   bigint NOT NULL           -- of lines that no later line without error has answered
);
CREATE INDEX open_error_by_agency ON portal.open_error (agency, month);

CREATE FUNCTION portal.recount_open_errors(of_submissions uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM portal.open_error WHERE submission_id = ANY (of_submissions);
    INSERT INTO portal.open_error
    SELECT x.submission_id, x.agency,
           COALESCE(x.data_month, (extract(year FROM x.received_at AT TIME ZONE 'Asia/Taipei') * 12
                                   + extract(month FROM x.received_at AT TIME ZONE 'Asia/Taipei') - 1)::int),
           x.data_month, x.received_at, count(*) FILTER (WHERE x.kind < 2), count(*) FILTER (WHERE x.kind >= 2)
    FROM (SELECT submission_id, agency, data_month, received_at, kind, identity FROM validation.finding
          WHERE submission_id = ANY (of_submissions) AND severity = 0
          UNION ALL
          SELECT submission_id, agency, data_month, received_at, kind, identity FROM matching.finding
          WHERE submission_id = ANY (of_submissions) AND severity = 0) x
    WHERE (x.submission_id, x.identity) NOT IN (
        SELECT f.submission_id, i.identity FROM matching.fixed f CROSS JOIN LATERAL unnest(f.identity) AS i(identity)
        WHERE f.submission_id = ANY (of_submissions)) IS NOT FALSE
    GROUP BY x.submission_id, x.agency, x.data_month, x.received_at;
$$;
CREATE FUNCTION portal.note_open_errors() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM portal.recount_open_errors(ARRAY(SELECT DISTINCT submission_id FROM changed));
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION portal.recount_open_errors(uuid[]), portal.note_open_errors() FROM PUBLIC;
CREATE TRIGGER open_errors_of_added AFTER INSERT ON validation.finding
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_open_errors();
CREATE TRIGGER open_errors_of_removed AFTER DELETE ON validation.finding
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_open_errors();
CREATE TRIGGER open_errors_of_added AFTER INSERT ON matching.finding
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_open_errors();
CREATE TRIGGER open_errors_of_answered AFTER INSERT ON matching.fixed
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_open_errors();
SELECT portal.recount_open_errors(ARRAY(SELECT submission_id FROM validation.finding WHERE severity = 0
                                        UNION SELECT submission_id FROM matching.finding WHERE severity = 0));

-- Unmatched records of a file, counted beforehand by the month of their date and by reason. The bits of an outcome are
-- those of the view matching.unmatched.
SET ROLE agency_matcher;
CREATE TABLE matching.unmatched_count (
    submission_id uuid NOT NULL,
    month         int NOT NULL,
    reason        smallint NOT NULL,        -- 0 NO_PERSON, 1 BEFORE_FIRST, 2 GAP, 3 AFTER_LAST
    agency        text COLLATE "C" NOT NULL,
    received_at   timestamptz NOT NULL,
    records       int NOT NULL,
    PRIMARY KEY (submission_id, month, reason)
);
CREATE INDEX unmatched_count_by_agency ON matching.unmatched_count (agency, received_at)
    INCLUDE (month, reason, records);
GRANT SELECT ON matching.unmatched_count TO query;
CREATE FUNCTION matching.month_of(day int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT (extract(year FROM date '1970-01-01' + day) * 12 + extract(month FROM date '1970-01-01' + day) - 1)::int
$$;
CREATE FUNCTION matching.note_unmatched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM matching.unmatched_count c USING removed r WHERE c.submission_id = r.submission_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO matching.unmatched_count (submission_id, month, reason, agency, received_at, records)
        SELECT n.submission_id, matching.month_of(l.day),
               CASE WHEN l.outcome & 256 = 0 THEN 0 ELSE l.outcome & 7 END, n.agency, n.received_at, count(*)
        FROM added n CROSS JOIN LATERAL unnest(n.day, n.outcome) AS l(day, outcome)
        WHERE l.outcome & 12288 = 0 AND l.outcome & 8 <> 0
        GROUP BY 1, 2, 3, 4, 5;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER unmatched_of_added AFTER INSERT ON matching.noted
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION matching.note_unmatched();
CREATE TRIGGER unmatched_of_changed AFTER UPDATE ON matching.noted
    REFERENCING NEW TABLE AS added OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION matching.note_unmatched();
CREATE TRIGGER unmatched_of_removed AFTER DELETE ON matching.noted
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION matching.note_unmatched();
INSERT INTO matching.unmatched_count (submission_id, month, reason, agency, received_at, records)
SELECT n.submission_id, matching.month_of(l.day),
       CASE WHEN l.outcome & 256 = 0 THEN 0 ELSE l.outcome & 7 END, n.agency, n.received_at, count(*)
FROM matching.noted n CROSS JOIN LATERAL unnest(n.day, n.outcome) AS l(day, outcome)
WHERE l.outcome & 12288 = 0 AND l.outcome & 8 <> 0
GROUP BY 1, 2, 3, 4, 5;
RESET ROLE;

-- Filing of some agencies for several months at once (docs/statistics.md); each month with the 00:00 of the day after its
-- deadline. The rules are those of statistics.filing(), which takes every agency in one month; a test compares the two.
CREATE FUNCTION statistics.filing_of(of_agencies text[], of_months int[], deadline_ends timestamptz[])
RETURNS TABLE (agency text, month int, obliged boolean, exempt boolean, reported boolean, zero boolean, on_time boolean,
               on_time_by_file boolean)
LANGUAGE sql STABLE AS $$
    WITH asked AS (
        SELECT m.month, m.deadline_end, row_number() OVER (ORDER BY m.month) - 1 AS place,
               make_date(m.month / 12, m.month % 12 + 1, 1) AS first_day,
               (make_date(m.month / 12, m.month % 12 + 1, 1) + interval '1 month - 1 day')::date AS last_day
        FROM unnest(of_months, deadline_ends) AS m(month, deadline_end)),
    version AS (
        SELECT DISTINCT ON (v.org_code, a.month) v.org_code, v.established_on, v.abolished_on, v.exempt_from, v.exempt_to,
               a.month, a.deadline_end, a.place, a.first_day, a.last_day
        FROM registry.agency_version v CROSS JOIN asked a
        WHERE v.org_code = ANY (of_agencies)
        ORDER BY v.org_code, a.month, v.effective_on <= a.last_day DESC,
                 CASE WHEN v.effective_on <= a.last_day THEN v.effective_on END DESC NULLS LAST, v.effective_on),
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
        SELECT p.org_code, p.month,
               COALESCE(p.exempt_from <= p.last_day AND COALESCE(p.exempt_to, 'infinity') >= p.first_day, false) AS is_exempt,
               COALESCE(p.established_on <= p.first_day, true) AND COALESCE(p.abolished_on > p.last_day, true)
                   AND COALESCE(p.has_post, false) AS would_be,
               COALESCE(c.records > 0, false) AS has_records, COALESCE(c.zero_reports > 0, false) AS has_zero,
               COALESCE(c.first_received_at < p.deadline_end, false) AS early,
               COALESCE(c.first_file_received_at < p.deadline_end, false) AS early_by_file
        FROM posted p LEFT JOIN statistics.claim c ON c.agency = p.org_code AND c.month = p.month)
    SELECT org_code, month, would_be AND NOT is_exempt, is_exempt, has_records OR has_zero, has_zero AND NOT has_records,
           would_be AND NOT is_exempt AND early, would_be AND NOT is_exempt AND early_by_file
    FROM judged
$$;

-- Notices: which month a deadline notice or a reminder is about, which webhook one about a webhook. The month stands in
-- the intent, agency|month|kind, and is taken from there unless it is given.
SET ROLE notification;
ALTER TABLE notification.notice
    ADD COLUMN month      int,
    ADD COLUMN webhook_id text;
CREATE FUNCTION notification.month_of_intent(kind text, intent_key text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT split_part(m, '-', 1)::int * 12 + split_part(m, '-', 2)::int - 1
    FROM split_part(intent_key, '|', 2) AS m
    WHERE kind IN ('deadline_before', 'deadline_after', 'reminder') AND m ~ '^[0-9]{4}-[0-9]{2}$'
$$;
UPDATE notification.notice SET month = notification.month_of_intent(kind, intent_key) WHERE submission_id IS NULL;
CREATE FUNCTION notification.note_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.month := notification.month_of_intent(NEW.kind, NEW.intent_key);
    RETURN NEW;
END $$;
CREATE TRIGGER month_of_new_notice BEFORE INSERT ON notification.notice FOR EACH ROW
    WHEN (NEW.submission_id IS NULL AND NEW.month IS NULL) EXECUTE FUNCTION notification.note_month();
RESET ROLE;

-- What a person has read, for the agency acted for. A mark stands for its notice alone, or also for every notice of that
-- agency before it. The person is the keyed hash of `sub`, as in portal.session.
CREATE TABLE portal.notice_read (
    agency          text COLLATE "C" NOT NULL,
    sub_hash        text NOT NULL,
    notice_id       bigint NOT NULL,
    and_all_before  boolean NOT NULL,
    read_at         timestamptz NOT NULL,
    PRIMARY KEY (agency, sub_hash, notice_id)
);
GRANT SELECT ON portal.notice_read TO query;

-- Who was reminded of a month (催報), when, and by which agency. One a day and agency, by whomever (Asia/Taipei).
CREATE TABLE portal.reminder (
    agency  text COLLATE "C" NOT NULL,
    month   int NOT NULL,
    day     date NOT NULL,                  -- of sent_at in Asia/Taipei
    sent_at timestamptz NOT NULL,
    sent_by text COLLATE "C" NOT NULL,      -- the agency whose supervisor sent it
    PRIMARY KEY (agency, month, day)
);
CREATE INDEX reminder_by_time ON portal.reminder (sent_at DESC, agency, month);
GRANT SELECT ON portal.reminder, portal.open_error TO query;
GRANT USAGE ON SCHEMA portal TO query;

-- Files that a stage gave up, lines that a load rejected and the audit are read by operators and auditors now.
SET ROLE gateway;
GRANT SELECT ON intake.audit TO query;
RESET ROLE;
SET ROLE agency_matcher;
GRANT SELECT ON matching.career_rejected TO query;
RESET ROLE;

-- The query service keeps the right to read only where one of its statements does; a test compares the two.
SET ROLE validator;
REVOKE SELECT ON validation.progress FROM query;
RESET ROLE;
SET ROLE agency_matcher;
REVOKE SELECT ON matching.attribution_history, matching.batch, matching.claim_delta, matching.count_delta,
    matching.post_delta, matching.progress, matching.record, matching.recount FROM query;
RESET ROLE;
SET ROLE statistics_aggregator;
REVOKE SELECT ON statistics.applied, statistics.applied_batch, statistics.deadline_notice, statistics.freeze_cut,
    statistics.outbox, statistics.outbox_dead, statistics.progress, statistics.quarantine FROM query;
RESET ROLE;
SET ROLE notification;
REVOKE SELECT ON notification.progress, notification.quarantine FROM query;
RESET ROLE;
