-- The validator's own: verdicts, findings, the sealed archive.
SET ROLE validator;
CREATE TABLE validation.submission (
    submission_id uuid NOT NULL PRIMARY KEY,
    attempt       int  NOT NULL,
    agency        text COLLATE "C" NOT NULL,
    partition     int  NOT NULL,
    verdict       text NOT NULL,            -- ACCEPTED, REJECTED_FILE
    received_at   timestamptz NOT NULL,
    validated_at  timestamptz NOT NULL,
    file_name     text NOT NULL,            -- masked
    route         text NOT NULL,
    sha256        text NOT NULL,
    key_hash      text,                     -- of the Idempotency-Key, keyed
    ruleset       text NOT NULL,
    source_system text,
    batch_no      text,                     -- masked
    data_month    int,                      -- year * 12 + month - 1; null if unreadable
    zero_report   boolean NOT NULL DEFAULT false,
    record_count  int  NOT NULL,            -- elements of both arrays, as far as readable
    total         int  NOT NULL,            -- lines taken into account: record_count, 0 if rejected
    invalid       int  NOT NULL,
    error_count   bigint NOT NULL,
    warning_count bigint NOT NULL
);
CREATE INDEX submission_by_agency_sha ON validation.submission (agency, sha256);
CREATE INDEX submission_by_agency_key ON validation.submission (agency, key_hash) WHERE key_hash IS NOT NULL;
CREATE INDEX submission_accepted ON validation.submission (partition, validated_at) WHERE verdict = 'ACCEPTED';
CREATE INDEX submission_by_agency_month ON validation.submission (agency, data_month, received_at);
CREATE TABLE validation.finding (
    submission_id uuid NOT NULL,
    kind          smallint NOT NULL,        -- 0 file 1 envelope 2 leave 3 overtime
    index         int NOT NULL,             -- -1 for file and envelope
    pointer       text COLLATE "C" NOT NULL,
    code          text COLLATE "C" NOT NULL,
    seq           int NOT NULL,             -- of the finding in its file
    severity      smallint NOT NULL,        -- 0 error 1 warning
    record_no     text, record_seq bigint,
    field text NOT NULL, field_name text NOT NULL, value text, expected text,
    message text NOT NULL, message_en text NOT NULL,
    identity      bigint,                   -- of the line, where readable
    agency        text COLLATE "C" NOT NULL,
    received_at   timestamptz NOT NULL,
    data_month    int,
    PRIMARY KEY (submission_id, kind, index, pointer, code, seq)
);
CREATE INDEX finding_by_agency ON validation.finding (agency, received_at DESC, submission_id DESC);
CREATE TABLE validation.finding_group (
    submission_id uuid NOT NULL, code text COLLATE "C" NOT NULL, severity smallint NOT NULL,
    field text COLLATE "C" NOT NULL, message text NOT NULL, count bigint NOT NULL, first int[] NOT NULL,
    PRIMARY KEY (submission_id, code, severity, field)
);
CREATE TABLE validation.archive (
    submission_id uuid PRIMARY KEY,
    key_id        text NOT NULL,
    sealed        bytea NOT NULL
);
ALTER TABLE validation.archive ALTER sealed SET STORAGE EXTERNAL;
GRANT SELECT ON validation.submission, validation.finding, validation.finding_group
    TO query, agency_matcher, statistics_aggregator, notification;
RESET ROLE;
