-- Webhooks (docs/http-api.md, "Webhooks"): addresses that agencies want told of events, and what is sent to them. The gateway
-- makes, changes and removes them; notification sends (services/notification/webhooks).
CREATE TABLE portal.webhook (
    id              uuid        PRIMARY KEY,
    agency          text        COLLATE "C" NOT NULL,
    url             text        NOT NULL,
    events          text[]      NOT NULL,
    created_at      timestamptz NOT NULL,
    last_success_at timestamptz,
    failing_since   timestamptz,              -- first failure after the last success
    disabled_at     timestamptz,
    state           text        NOT NULL GENERATED ALWAYS AS (
        CASE WHEN disabled_at IS NOT NULL THEN 'disabled' WHEN failing_since IS NOT NULL THEN 'failing' ELSE 'active' END
    ) STORED,
    secret_sealed   bytea       NOT NULL,     -- associated data: agency and id
    previous_sealed bytea,                    -- signs too until previous_until
    previous_until  timestamptz,
    last_n          bigint      NOT NULL DEFAULT 0, -- of its deliveries
    due_at          timestamptz,              -- of the first waiting delivery; NULL if none waits
    lease           bigint      NOT NULL DEFAULT 0, -- moved by each sender that takes a turn
    leased_until    timestamptz               -- by the clock of the database; until then one sender has the turn
);
CREATE INDEX webhook_by_agency ON portal.webhook (agency, created_at, id);
CREATE INDEX webhook_by_due_at ON portal.webhook (due_at) WHERE due_at IS NOT NULL AND disabled_at IS NULL;
CREATE INDEX webhook_by_failure ON portal.webhook (failing_since, id) WHERE state = 'failing';
GRANT SELECT, INSERT, DELETE ON portal.webhook TO gateway;
GRANT UPDATE (url, events, failing_since, disabled_at, secret_sealed, previous_sealed, previous_until, last_n, due_at)
    ON portal.webhook TO gateway;
GRANT USAGE ON SCHEMA portal TO notification;
GRANT SELECT ON portal.webhook TO notification;
GRANT UPDATE (last_success_at, failing_since, disabled_at, last_n, due_at, lease, leased_until)
    ON portal.webhook TO notification;
GRANT SELECT (id, agency, url, events, created_at, last_success_at, failing_since, state) ON portal.webhook TO query;

-- What is to be sent, in the order of n. While one waits, those after it wait too. Whoever writes here holds the lock of
-- the webhook's row, so numbers have no gaps and due_at is right.
CREATE TABLE portal.webhook_delivery (
    webhook_id      uuid        NOT NULL REFERENCES portal.webhook (id) ON DELETE CASCADE,
    n               bigint      NOT NULL,
    event           text        NOT NULL,
    event_key       text,                     -- an event is sent once a key; NULL for a test
    body            text        NOT NULL,     -- as it is signed and sent
    state           text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up')),
    next_at         timestamptz,              -- while it waits: not before then
    retries         int         NOT NULL DEFAULT 0, -- of the schedule that are used up
    attempt_at      timestamptz[] NOT NULL DEFAULT '{}', -- the last ones, oldest first
    attempt_status  int[]       NOT NULL DEFAULT '{}',   -- 0: there was no answer
    attempt_error   text[]      NOT NULL DEFAULT '{}',   -- '': there was one
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (webhook_id, n)
);
CREATE UNIQUE INDEX webhook_delivery_once ON portal.webhook_delivery (webhook_id, event_key);
CREATE INDEX webhook_delivery_waiting ON portal.webhook_delivery (webhook_id, n) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_by_age ON portal.webhook_delivery (created_at) WHERE state <> 'waiting';
GRANT SELECT (webhook_id, n, state, next_at, retries), INSERT ON portal.webhook_delivery TO gateway;
GRANT UPDATE (state, next_at, retries) ON portal.webhook_delivery TO gateway;
GRANT SELECT, INSERT, DELETE ON portal.webhook_delivery TO notification;
GRANT UPDATE (state, next_at, retries, attempt_at, attempt_status, attempt_error)
    ON portal.webhook_delivery TO notification;
GRANT SELECT (webhook_id, n, event, state, next_at, attempt_at, attempt_status, attempt_error)
    ON portal.webhook_delivery TO query;

-- submission.finished tells the month of the data and all seven dispositions, which the event from the stages does not
-- carry.
SET ROLE validator;
GRANT SELECT (submission_id, data_month) ON validation.submission TO notification;
RESET ROLE;
SET ROLE agency_matcher;
GRANT SELECT (submission_id, total, invalid, unchanged, stale, deletion, superseded, unmatched, counted)
    ON matching.file TO notification;
RESET ROLE;
