-- After PostgreSQL or Kafka was set back (`chaiqin recover`). The statements about progress name no
-- schema: search_path says which stage is meant.

-- name: stage_offsets
-- How far the stages of a schema are.
SELECT stage, topic, partition, next_offset
FROM progress
ORDER BY stage, topic, partition;

-- name: set_stage_offset
-- $1 the offset to begin at, $2 stage, $3 topic, $4 partition, $5 where it must stand now.
UPDATE progress
SET next_offset = $1::bigint, trying_offset = NULL, tries = 0
WHERE stage = $2::text AND topic = $3::text AND partition = $4::int AND next_offset = $5::bigint
RETURNING stage;

-- name: gateway_offsets
-- Below which offsets of file.received every receipt is stored.
SELECT partition, next_offset
FROM intake.progress
ORDER BY partition;

-- name: set_gateway_offset
-- $1 the offset to begin at, $2 partition, $3 where it must stand now.
UPDATE intake.progress
SET next_offset = $1::bigint
WHERE partition = $2::int AND next_offset = $3::bigint
RETURNING partition;

-- name: begin_new_life
-- Gives the new number.
SELECT registry.begin_new_life() AS number;

-- name: end_sessions
-- Of all services on this database; gives how many. $1 roles.
SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) AS ended
FROM pg_stat_activity
WHERE datname = current_database() AND usename = ANY ($1::text[]);
