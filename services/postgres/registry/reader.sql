-- The registry as every service reads it.

-- name: read_version
SELECT version
FROM registry.version;

-- name: read_agencies
-- Every version of every agency.
SELECT org_code, effective_on, name, COALESCE(supervising_org_code, '') AS supervising_org_code,
       established_on, abolished_on, COALESCE(successor_org_code, '') AS successor_org_code,
       exempt_from, exempt_to, COALESCE(contact_email, '') AS contact_email
FROM registry.agency_version
ORDER BY org_code, effective_on;

-- name: has_settings
-- False in a database that is older than the settings.
SELECT to_regclass('registry.setting') IS NOT NULL AS stands;

-- name: read_settings
-- The rows of schemas/registry/settings.csv.
SELECT name, value
FROM registry.setting;

-- name: read_calendar
SELECT day, day_off
FROM registry.calendar_day
ORDER BY day;

-- name: read_leave_types
SELECT code, name, valid_from, valid_to, day_basis, sub_types, needs_sub_type, needs_event_date,
       needs_location, window_before_days, window_after_days
FROM registry.leave_type
ORDER BY row_no;

-- name: read_rules
SELECT code, scope, severity, needs, service, note, enabled, valid_from, valid_to, field,
       message_zh, message_en
FROM registry.rule
ORDER BY row_no;

-- name: read_ruleset
SELECT ruleset
FROM registry.version;
