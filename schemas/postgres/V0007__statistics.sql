-- The aggregator's own: published counts, which batches are in them, filings.
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
CREATE TABLE statistics.last_update (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), updated_at timestamptz);
INSERT INTO statistics.last_update (updated_at) VALUES (NULL);
GRANT SELECT ON statistics.applied_batch, statistics.counted, statistics.monthly_count, statistics.last_update
    TO query, notification;
RESET ROLE;
