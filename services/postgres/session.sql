-- name: durability
-- Whether the server would keep what it acknowledges.
SELECT current_setting('fsync') = 'on'
   AND current_setting('synchronous_commit') <> 'off' AS is_durable;

-- name: generation
-- Which life of the database this is: the timeline, which a recovery to an earlier moment and a
-- promoted standby change, and the number that `chaiqin recover` raises. "" while it recovers.
SELECT CASE
         WHEN pg_is_in_recovery() THEN ''
         ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) || '.' ||
              COALESCE(NULLIF(current_setting('chaiqin.recovered', true), ''), '0')
       END AS generation;

-- name: answer
-- Whether the server answers at all.
SELECT 1;
