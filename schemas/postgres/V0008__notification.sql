-- Notices (通知) and their mails.
SET ROLE notification;
CREATE TABLE notification.notice (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind          text NOT NULL,            -- submission_counted, submission_partial, submission_rejected, deadline_before, deadline_after
    agency        text COLLATE "C" NOT NULL,
    submission_id uuid,
    intent_key    text NOT NULL UNIQUE,     -- (submission, recipient, kind) or (agency, month, kind)
    text          text NOT NULL,            -- zh-TW, no personal data
    version       bigint NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL,
    read_at       timestamptz
);
CREATE INDEX notice_by_agency ON notification.notice (agency, id DESC);
CREATE TABLE notification.delivery (
    notice_id  bigint PRIMARY KEY REFERENCES notification.notice (id),
    recipient  text NOT NULL, subject text NOT NULL, body text NOT NULL, message_id text NOT NULL,
    state      text NOT NULL,               -- waiting, sent, failed
    tries      int NOT NULL DEFAULT 0, next_try_at timestamptz NOT NULL, sent_at timestamptz, last_error text
);
CREATE INDEX delivery_waiting ON notification.delivery (next_try_at) WHERE state = 'waiting';
GRANT SELECT ON notification.notice TO query;
RESET ROLE;
