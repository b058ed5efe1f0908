-- The matcher's own. Its record store (one row a file, columns as arrays) and Table 19 follow in V0006;
-- here stands what the aggregator and the query service read.
SET ROLE agency_matcher;
-- One row an accepted file: its dispositions, kept exact by every later file and re-match.
CREATE TABLE matching.file (
    submission_id uuid NOT NULL PRIMARY KEY,
    agency        text COLLATE "C" NOT NULL,
    slot          smallint NOT NULL,
    received_at   timestamptz NOT NULL,
    matched_at    timestamptz NOT NULL,
    batch_id      bigint NOT NULL,          -- of the batch that took the file
    data_month    int NOT NULL,
    zero_report   boolean NOT NULL,
    total         int NOT NULL,
    invalid       int NOT NULL, unchanged int NOT NULL, stale int NOT NULL, deletion int NOT NULL,
    superseded    int NOT NULL, unmatched int NOT NULL, counted int NOT NULL,
    matcher_errors int NOT NULL DEFAULT 0,  -- U findings with severity error, beyond the validator's
    matcher_warnings int NOT NULL DEFAULT 0,
    t_warnings    int NOT NULL DEFAULT 0    -- T findings as of now, moved by re-match
) WITH (fillfactor = 70);
CREATE INDEX file_by_agency ON matching.file (agency, received_at DESC);
-- A committed piece of work (file batch or re-match chunk). Its deltas are applied together, once.
CREATE TABLE matching.batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition int NOT NULL, made_at timestamptz NOT NULL, by_rematch boolean NOT NULL
);
CREATE TABLE matching.count_delta (
    batch_id bigint NOT NULL, agency text COLLATE "C" NOT NULL, month int NOT NULL,
    kind smallint NOT NULL, type smallint NOT NULL, records bigint NOT NULL, minutes bigint NOT NULL
);
CREATE INDEX count_delta_by_batch ON matching.count_delta (batch_id);
-- Claims for the reporting rates: agency o has `delta` more live records of month m, sent by it or attributed to it.
CREATE TABLE matching.claim_delta (
    batch_id bigint NOT NULL, agency text COLLATE "C" NOT NULL, month int NOT NULL, delta bigint NOT NULL,
    received_at timestamptz NOT NULL,       -- least received_at of the files whose lines make the claim
    by_rematch boolean NOT NULL, zero_report boolean NOT NULL DEFAULT false
);
CREATE INDEX claim_delta_by_batch ON matching.claim_delta (batch_id);
-- 本職 posts for "obliged": +1 for (agency, first month), -1 for (agency, month after the last).
CREATE TABLE matching.post_delta (batch_id bigint NOT NULL, agency text COLLATE "C" NOT NULL, month int NOT NULL, delta bigint NOT NULL);
CREATE INDEX post_delta_by_batch ON matching.post_delta (batch_id);
GRANT SELECT ON matching.file, matching.batch, matching.count_delta, matching.claim_delta, matching.post_delta
    TO query, statistics_aggregator, notification, validator;
RESET ROLE;
