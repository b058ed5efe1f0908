-- Which migrations have been applied. The table is made by migrations.cpp.

-- name: lock_migrations
-- Until the transaction ends, so that only one process migrates.
SELECT pg_advisory_xact_lock(7341);

-- name: applied_checksum
-- No row if the migration has not been applied. $1 its number.
SELECT checksum
FROM public.schema_migration
WHERE number = $1::int;

-- name: note_migration
-- $1 number, $2 name, $3 checksum.
INSERT INTO public.schema_migration (number, name, checksum)
VALUES ($1::int, $2::text, $3::text);
