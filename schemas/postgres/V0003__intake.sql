-- The gateway's own: receipts, idempotency keys, receipt signing keys, audit.
SET ROLE gateway;
CREATE TABLE intake.receipt (
    submission_id uuid NOT NULL PRIMARY KEY,
    agency        text COLLATE "C" NOT NULL,
    file_name     text NOT NULL,              -- masked
    route         text NOT NULL,              -- WEBITR WEBHR SELF MANUAL
    size_bytes    int  NOT NULL,
    sha256        text NOT NULL,              -- hex
    received_at   timestamptz NOT NULL,
    partition     int,
    "offset"      bigint
);
CREATE INDEX receipt_by_agency ON intake.receipt (agency, received_at DESC, submission_id DESC);
CREATE TABLE intake.idempotency_key (
    agency text COLLATE "C" NOT NULL,
    key_hash text NOT NULL,
    submission_id uuid NOT NULL,
    sha256 text NOT NULL,
    reserved_at timestamptz NOT NULL,
    PRIMARY KEY (agency, key_hash)
);
CREATE TABLE intake.progress (partition int PRIMARY KEY, next_offset bigint NOT NULL);
CREATE TABLE intake.receipt_key (kid text PRIMARY KEY, jwk text NOT NULL, first_used_at timestamptz NOT NULL);
CREATE TABLE intake.career_load (           -- a Table 19 upload that is durable in Kafka
    load_id uuid PRIMARY KEY, authority text COLLATE "C" NOT NULL, mode text NOT NULL, force boolean NOT NULL,
    size_bytes bigint NOT NULL, received_at timestamptz NOT NULL
);
CREATE TABLE intake.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL, sub text NOT NULL, agency text NOT NULL, acting text NOT NULL,
    action text NOT NULL, object text NOT NULL, result text NOT NULL
);
CREATE INDEX audit_by_time ON intake.audit (at DESC, id DESC);
GRANT SELECT ON intake.receipt, intake.career_load TO query, validator, agency_matcher, statistics_aggregator, notification;
GRANT SELECT ON intake.idempotency_key TO validator;
RESET ROLE;
