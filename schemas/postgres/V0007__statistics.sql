-- The aggregator's own: published counts, which batches are in them, filings and rates.
SET ROLE statistics_aggregator;
CREATE TABLE statistics.applied_batch (batch_id bigint PRIMARY KEY);
CREATE TABLE statistics.counted (           -- a file whose counts can be read
    submission_id uuid PRIMARY KEY, counted_at timestamptz NOT NULL, partial boolean NOT NULL
);
CREATE TABLE statistics.monthly_count (
    agency text COLLATE "C" NOT NULL, month int NOT NULL, kind smallint NOT NULL, type smallint NOT NULL,
    records bigint NOT NULL, minutes bigint NOT NULL,
    PRIMARY KEY (agency, month, kind, type)
) WITH (fillfactor = 70);
CREATE INDEX monthly_count_by_month ON statistics.monthly_count (month);
CREATE TABLE statistics.last_update (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), updated_at timestamptz,
    in_operation_since timestamptz          -- when the first batch applied was made: deadlines before it are not frozen
);
INSERT INTO statistics.last_update (updated_at) VALUES (NULL);

-- What agency o has of month m: live records it sent or was given, zero reports, and when the first of either was
-- received. The first times are never undone; a re-match moves only the live one.
CREATE TABLE statistics.claim (
    agency text COLLATE "C" NOT NULL, month int NOT NULL,
    records bigint NOT NULL, zero_reports bigint NOT NULL,
    first_received_at timestamptz, first_file_received_at timestamptz,
    PRIMARY KEY (agency, month)
) WITH (fillfactor = 70);
CREATE INDEX claim_by_month ON statistics.claim (month);
-- 本職 posts that begin (+) or have ended (-) with the month; those of month m are the sum up to m.
CREATE TABLE statistics.post (
    agency text COLLATE "C" NOT NULL, month int NOT NULL, delta bigint NOT NULL,
    PRIMARY KEY (agency, month)
) WITH (fillfactor = 70);
-- Frozen figures; a new version never edits an old one.
CREATE TABLE statistics.frozen_filing (
    month int NOT NULL, version int NOT NULL, agency text COLLATE "C" NOT NULL,
    obliged boolean NOT NULL, reported boolean NOT NULL, zero boolean NOT NULL, on_time boolean NOT NULL,
    PRIMARY KEY (month, version, agency)
);
CREATE INDEX frozen_missing ON statistics.frozen_filing (month, version, agency) WHERE obliged AND NOT on_time;
CREATE TABLE statistics.frozen_month (
    month int NOT NULL, version int NOT NULL, frozen_at timestamptz NOT NULL, formula text NOT NULL, reason text NOT NULL,
    deadline_end timestamptz NOT NULL,      -- files received before it were in time
    PRIMARY KEY (month, version)
);
CREATE TABLE statistics.freeze_cut (        -- end offsets of file.received when the deadline had passed
    month int NOT NULL, partition int NOT NULL, end_offset bigint NOT NULL, PRIMARY KEY (month, partition)
);
CREATE TABLE statistics.deadline_notice (   -- told once
    agency text COLLATE "C" NOT NULL, month int NOT NULL, kind text NOT NULL, told_at timestamptz NOT NULL,
    PRIMARY KEY (agency, month, kind)
);
GRANT SELECT ON ALL TABLES IN SCHEMA statistics TO query, notification;
RESET ROLE;

-- Filing of every agency for a month (docs/statistics.md): agency versions are those of the month's last day.
-- `deadline_end` is 00:00 Asia/Taipei of the day after the deadline.
CREATE FUNCTION statistics.filing(of_month int, deadline_end timestamptz)
RETURNS TABLE (agency text, obliged boolean, exempt boolean, reported boolean, zero boolean, on_time boolean, on_time_by_file boolean)
LANGUAGE sql STABLE AS $$
    WITH span AS (SELECT make_date(of_month / 12, of_month % 12 + 1, 1) AS first_day,
                         (make_date(of_month / 12, of_month % 12 + 1, 1) + interval '1 month - 1 day')::date AS last_day),
    version AS (
        SELECT DISTINCT ON (v.org_code) v.org_code, v.established_on, v.abolished_on, v.exempt_from, v.exempt_to
        FROM registry.agency_version v, span
        ORDER BY v.org_code, v.effective_on <= span.last_day DESC,
                 CASE WHEN v.effective_on <= span.last_day THEN v.effective_on END DESC NULLS LAST, v.effective_on),
    posted AS (SELECT p.agency, sum(p.delta) > 0 AS has_post FROM statistics.post p WHERE p.month <= of_month GROUP BY p.agency),
    judged AS (
        SELECT v.org_code,
               COALESCE(v.exempt_from <= span.last_day AND COALESCE(v.exempt_to, 'infinity') >= span.first_day, false) AS is_exempt,
               COALESCE(v.established_on <= span.first_day, true) AND COALESCE(v.abolished_on > span.last_day, true)
                   AND COALESCE(p.has_post, false) AS would_be,
               COALESCE(c.records > 0, false) AS has_records, COALESCE(c.zero_reports > 0, false) AS has_zero,
               COALESCE(c.first_received_at < deadline_end, false) AS early,
               COALESCE(c.first_file_received_at < deadline_end, false) AS early_by_file
        FROM version v CROSS JOIN span
        LEFT JOIN posted p ON p.agency = v.org_code
        LEFT JOIN statistics.claim c ON c.agency = v.org_code AND c.month = of_month)
    SELECT org_code, would_be AND NOT is_exempt, is_exempt, has_records OR has_zero, has_zero AND NOT has_records,
           would_be AND NOT is_exempt AND early, would_be AND NOT is_exempt AND early_by_file
    FROM judged
$$;
