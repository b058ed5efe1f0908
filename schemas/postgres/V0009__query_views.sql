-- What the query service needs beside the owners' tables: order by time over many agencies, and the monthly counts
-- added up once when they change instead of at every read.
SET ROLE gateway;
CREATE INDEX receipt_by_time ON intake.receipt (received_at DESC, submission_id DESC);
RESET ROLE;
-- Files that have findings or noted lines, by agency and over all: their lines are read in that order.
SET ROLE validator;
CREATE INDEX submission_with_findings ON validation.submission (agency, received_at DESC, submission_id DESC) WHERE error_count + warning_count > 0;
CREATE INDEX submission_with_findings_by_time ON validation.submission (received_at DESC, submission_id DESC) WHERE error_count + warning_count > 0;
RESET ROLE;
SET ROLE agency_matcher;
CREATE INDEX file_with_findings ON matching.file (agency, received_at DESC, submission_id DESC) WHERE matcher_errors + matcher_warnings > 0;
CREATE INDEX file_with_findings_by_time ON matching.file (received_at DESC, submission_id DESC) WHERE matcher_errors + matcher_warnings > 0;
CREATE INDEX noted_by_time ON matching.noted (received_at DESC, submission_id DESC);
GRANT SELECT (submission_id, agency, received_at) ON matching.noted TO query;
RESET ROLE;

-- Sums of statistics.monthly_count, kept by its triggers in the same transaction, whoever writes it: always exact.
SET ROLE statistics_aggregator;
CREATE TABLE statistics.agency_month (
    agency text COLLATE "C" NOT NULL, month int NOT NULL,
    leave bigint NOT NULL, overtime bigint NOT NULL, leave_minutes bigint NOT NULL, overtime_minutes bigint NOT NULL,
    PRIMARY KEY (agency, month)
) WITH (fillfactor = 70);
CREATE TABLE statistics.national_month (
    month int NOT NULL, kind smallint NOT NULL, type smallint NOT NULL, records bigint NOT NULL, minutes bigint NOT NULL,
    PRIMARY KEY (month, kind, type)
) WITH (fillfactor = 50);

CREATE FUNCTION statistics.add_to_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    added   constant text := 'SELECT agency, month, kind, type, records, minutes FROM added';
    removed constant text := 'SELECT agency, month, kind, type, -records AS records, -minutes AS minutes FROM removed';
    change  constant text := CASE TG_OP WHEN 'INSERT' THEN added WHEN 'DELETE' THEN removed ELSE added || ' UNION ALL ' || removed END;
BEGIN
    EXECUTE 'INSERT INTO statistics.agency_month AS s (agency, month, leave, overtime, leave_minutes, overtime_minutes)
        SELECT agency, month, COALESCE(sum(records) FILTER (WHERE kind = 0), 0), COALESCE(sum(records) FILTER (WHERE kind = 1), 0),
               COALESCE(sum(minutes) FILTER (WHERE kind = 0), 0), COALESCE(sum(minutes) FILTER (WHERE kind = 1), 0)
        FROM (' || change || ') c GROUP BY agency, month ORDER BY agency, month
        ON CONFLICT (agency, month) DO UPDATE SET leave = s.leave + excluded.leave, overtime = s.overtime + excluded.overtime,
            leave_minutes = s.leave_minutes + excluded.leave_minutes, overtime_minutes = s.overtime_minutes + excluded.overtime_minutes';
    EXECUTE 'INSERT INTO statistics.national_month AS s (month, kind, type, records, minutes)
        SELECT month, kind, type, sum(records), sum(minutes) FROM (' || change || ') c GROUP BY month, kind, type ORDER BY month, kind, type
        ON CONFLICT (month, kind, type) DO UPDATE SET records = s.records + excluded.records, minutes = s.minutes + excluded.minutes';
    RETURN NULL;
END $$;
CREATE FUNCTION statistics.empty_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE statistics.agency_month, statistics.national_month;
    RETURN NULL;
END $$;
CREATE TRIGGER sums_of_added AFTER INSERT ON statistics.monthly_count
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION statistics.add_to_sums();
CREATE TRIGGER sums_of_changed AFTER UPDATE ON statistics.monthly_count
    REFERENCING NEW TABLE AS added OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION statistics.add_to_sums();
CREATE TRIGGER sums_of_removed AFTER DELETE ON statistics.monthly_count
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION statistics.add_to_sums();
CREATE TRIGGER sums_of_nothing AFTER TRUNCATE ON statistics.monthly_count
    FOR EACH STATEMENT EXECUTE FUNCTION statistics.empty_sums();

INSERT INTO statistics.agency_month (agency, month, leave, overtime, leave_minutes, overtime_minutes)
SELECT agency, month, COALESCE(sum(records) FILTER (WHERE kind = 0), 0), COALESCE(sum(records) FILTER (WHERE kind = 1), 0),
       COALESCE(sum(minutes) FILTER (WHERE kind = 0), 0), COALESCE(sum(minutes) FILTER (WHERE kind = 1), 0)
FROM statistics.monthly_count GROUP BY agency, month;
INSERT INTO statistics.national_month (month, kind, type, records, minutes)
SELECT month, kind, type, sum(records), sum(minutes) FROM statistics.monthly_count GROUP BY month, kind, type;
GRANT SELECT ON statistics.agency_month, statistics.national_month TO query;
RESET ROLE;
