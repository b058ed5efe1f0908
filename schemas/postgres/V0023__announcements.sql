-- Announcements (公告) of the platform's operators, and their attachments (docs/http-api.md, "Announcements"). Written and
-- read by the gateway alone.
CREATE TABLE portal.announcement (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title           text        NOT NULL,
    body            text        NOT NULL,     -- plain text, blank lines between paragraphs
    for_members     boolean     NOT NULL,     -- only for people with a role; else for everybody
    published_at    timestamptz NOT NULL,     -- shown from then on
    expires_at      timestamptz,              -- and no longer from then on
    last_attachment int         NOT NULL DEFAULT 0 -- numbers are never used again
);
CREATE INDEX announcement_by_time ON portal.announcement (published_at DESC, id DESC);
GRANT SELECT, INSERT, UPDATE, DELETE ON portal.announcement TO gateway;

CREATE TABLE portal.attachment (
    announcement_id bigint NOT NULL REFERENCES portal.announcement (id) ON DELETE CASCADE,
    n               int    NOT NULL,
    file_name       text   NOT NULL,
    media_type      text   NOT NULL,
    size_bytes      int    NOT NULL,
    PRIMARY KEY (announcement_id, n)
);
GRANT SELECT, INSERT, DELETE ON portal.attachment TO gateway;

-- An attachment's bytes, in pieces that are written and read one by one. They are compressed already, or soon sent.
CREATE TABLE portal.attachment_piece (
    announcement_id bigint NOT NULL,
    n               int    NOT NULL,
    piece           int    NOT NULL,          -- from 0
    content         bytea  NOT NULL,
    PRIMARY KEY (announcement_id, n, piece),
    FOREIGN KEY (announcement_id, n) REFERENCES portal.attachment (announcement_id, n) ON DELETE CASCADE
);
ALTER TABLE portal.attachment_piece ALTER COLUMN content SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, DELETE ON portal.attachment_piece TO gateway;

-- Marks of read notices (V0022) are made by the gateway.
GRANT SELECT, INSERT, UPDATE ON portal.notice_read TO gateway;

-- To mark a notice the gateway must know that there is one, and whose it is.
SET ROLE notification;
GRANT SELECT (id, agency) ON notification.notice TO gateway;
RESET ROLE;
