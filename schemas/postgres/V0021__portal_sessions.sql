-- Sessions of people who are logged in to the portal with a browser (docs/portal.md, "Sessions"). The cookie's value
-- stands nowhere: its SHA-256 names the row. Tokens are sealed; who the person is stands in them alone, and as keyed
-- hashes for the issuer's back-channel logout.
CREATE SCHEMA portal;
GRANT USAGE ON SCHEMA portal TO gateway;

CREATE TABLE portal.session (
    id_hash         bytea       PRIMARY KEY,
    issuer          text        NOT NULL,
    sub_hash        text        NOT NULL,
    sid_hash        text,                     -- the issuer's own session, if it names one
    access_sealed   bytea       NOT NULL,
    refresh_sealed  bytea,
    id_token_sealed bytea       NOT NULL,
    access_ends_at  timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    idle_until      timestamptz NOT NULL,     -- moved on by what the person does
    ends_at         timestamptz NOT NULL      -- never moved
);
CREATE INDEX session_by_sid ON portal.session (issuer, sid_hash) WHERE sid_hash IS NOT NULL;
CREATE INDEX session_by_sub ON portal.session (issuer, sub_hash);
CREATE INDEX session_by_end ON portal.session (ends_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON portal.session TO gateway;

-- Logout tokens that were acted upon: a second one with the same id is a replay.
CREATE TABLE portal.logout_token (
    id_hash bytea       PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE ON portal.logout_token TO gateway;
