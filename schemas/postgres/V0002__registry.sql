-- Agencies with dated versions, office calendar, leave types, rules; written through postgres/registry by the
-- gateway and the chaiqin command, read by all. Every change moves registry.version.
CREATE TABLE registry.version (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), version bigint NOT NULL, ruleset text NOT NULL DEFAULT '');
INSERT INTO registry.version (version) VALUES (1);

CREATE TABLE registry.agency_version (
    org_code text COLLATE "C" NOT NULL,
    effective_on date NOT NULL,
    name text NOT NULL,
    supervising_org_code text COLLATE "C",
    established_on date,
    abolished_on date,
    successor_org_code text COLLATE "C",
    exempt_from date,
    exempt_to date,
    contact_email text,
    PRIMARY KEY (org_code, effective_on)
);
CREATE TABLE registry.calendar_day (day date PRIMARY KEY, day_off boolean NOT NULL, note text NOT NULL DEFAULT '');
-- The rows of schemas/registry/leave-types.csv and schemas/rules/rules.csv, columns as there.
CREATE TABLE registry.leave_type (
    code int NOT NULL, name text NOT NULL, valid_from date, valid_to date, unit_minutes int NOT NULL,
    day_basis text NOT NULL, yearly_limit_days int, limit_period text NOT NULL, official_duty boolean NOT NULL,
    sub_types text NOT NULL, needs_sub_type boolean NOT NULL, needs_event_date boolean NOT NULL,
    needs_location text NOT NULL, window_before_days int, window_after_days int, note text NOT NULL,
    row_no int NOT NULL PRIMARY KEY
);
CREATE TABLE registry.rule (
    code text NOT NULL, scope text NOT NULL, severity text NOT NULL, needs text NOT NULL, service text NOT NULL,
    note text NOT NULL, enabled boolean NOT NULL, valid_from date, valid_to date, field text NOT NULL,
    message_zh text NOT NULL, message_en text NOT NULL, row_no int NOT NULL PRIMARY KEY
);
GRANT SELECT ON ALL TABLES IN SCHEMA registry TO gateway, validator, agency_matcher, statistics_aggregator, notification, query;
GRANT INSERT, UPDATE ON registry.agency_version TO gateway;
GRANT UPDATE ON registry.version TO gateway;
