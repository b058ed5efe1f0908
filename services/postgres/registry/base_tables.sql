-- The product's own tables, as `chaiqin migrate` makes them hold just the rows of the files.
-- Wished rows are a JSON array of objects whose members are columns.

-- name: clear_table
-- for each :table in calendar_day leave_type rule setting
-- Before the wished rows are written.
DELETE FROM registry.:table;

-- name: set_ruleset
-- $1 the version of the rules; no row is changed if it is the stored one.
UPDATE registry.version
SET ruleset = $1::text
WHERE ruleset <> $1::text;

-- name: compare_calendar_day
-- How many rows are stored and not wished, or wished and not stored. $1 the wished rows.
WITH wished AS (
    SELECT day, day_off, note
    FROM jsonb_populate_recordset(NULL::registry.calendar_day, $1::text::jsonb)
), stored AS (
    SELECT day, day_off, note
    FROM registry.calendar_day
)
SELECT (SELECT count(*) FROM (TABLE wished EXCEPT TABLE stored) a)
     + (SELECT count(*) FROM (TABLE stored EXCEPT TABLE wished) b) AS differences;

-- name: write_calendar_day
-- $1 the wished rows.
INSERT INTO registry.calendar_day
    (day, day_off, note)
SELECT day, day_off, note
FROM jsonb_populate_recordset(NULL::registry.calendar_day, $1::text::jsonb);

-- name: compare_leave_type
-- How many rows are stored and not wished, or wished and not stored. $1 the wished rows.
WITH wished AS (
    SELECT code, name, valid_from, valid_to, unit_minutes, day_basis, yearly_limit_days,
           limit_period, official_duty, sub_types, needs_sub_type, needs_event_date, needs_location,
           window_before_days, window_after_days, note, row_no
    FROM jsonb_populate_recordset(NULL::registry.leave_type, $1::text::jsonb)
), stored AS (
    SELECT code, name, valid_from, valid_to, unit_minutes, day_basis, yearly_limit_days,
           limit_period, official_duty, sub_types, needs_sub_type, needs_event_date, needs_location,
           window_before_days, window_after_days, note, row_no
    FROM registry.leave_type
)
SELECT (SELECT count(*) FROM (TABLE wished EXCEPT TABLE stored) a)
     + (SELECT count(*) FROM (TABLE stored EXCEPT TABLE wished) b) AS differences;

-- name: write_leave_type
-- $1 the wished rows.
INSERT INTO registry.leave_type
    (code, name, valid_from, valid_to, unit_minutes, day_basis, yearly_limit_days, limit_period,
     official_duty, sub_types, needs_sub_type, needs_event_date, needs_location, window_before_days,
     window_after_days, note, row_no)
SELECT code, name, valid_from, valid_to, unit_minutes, day_basis, yearly_limit_days, limit_period,
       official_duty, sub_types, needs_sub_type, needs_event_date, needs_location,
       window_before_days, window_after_days, note, row_no
FROM jsonb_populate_recordset(NULL::registry.leave_type, $1::text::jsonb);

-- name: compare_rule
-- How many rows are stored and not wished, or wished and not stored. $1 the wished rows.
WITH wished AS (
    SELECT code, scope, severity, needs, service, note, enabled, valid_from, valid_to, field,
           message_zh, message_en, row_no
    FROM jsonb_populate_recordset(NULL::registry.rule, $1::text::jsonb)
), stored AS (
    SELECT code, scope, severity, needs, service, note, enabled, valid_from, valid_to, field,
           message_zh, message_en, row_no
    FROM registry.rule
)
SELECT (SELECT count(*) FROM (TABLE wished EXCEPT TABLE stored) a)
     + (SELECT count(*) FROM (TABLE stored EXCEPT TABLE wished) b) AS differences;

-- name: write_rule
-- $1 the wished rows.
INSERT INTO registry.rule
    (code, scope, severity, needs, service, note, enabled, valid_from, valid_to, field, message_zh,
     message_en, row_no)
SELECT code, scope, severity, needs, service, note, enabled, valid_from, valid_to, field,
       message_zh, message_en, row_no
FROM jsonb_populate_recordset(NULL::registry.rule, $1::text::jsonb);

-- name: compare_setting
-- How many rows are stored and not wished, or wished and not stored. $1 the wished rows.
WITH wished AS (
    SELECT name, value, note, row_no
    FROM jsonb_populate_recordset(NULL::registry.setting, $1::text::jsonb)
), stored AS (
    SELECT name, value, note, row_no
    FROM registry.setting
)
SELECT (SELECT count(*) FROM (TABLE wished EXCEPT TABLE stored) a)
     + (SELECT count(*) FROM (TABLE stored EXCEPT TABLE wished) b) AS differences;

-- name: write_setting
-- $1 the wished rows.
INSERT INTO registry.setting
    (name, value, note, row_no)
SELECT name, value, note, row_no
FROM jsonb_populate_recordset(NULL::registry.setting, $1::text::jsonb);
