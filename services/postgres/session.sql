-- name: durability
-- Whether the server would keep what it acknowledges.
SELECT current_setting('fsync') = 'on'
   AND current_setting('synchronous_commit') <> 'off' AS is_durable;

-- name: answer
-- Whether the server answers at all.
SELECT 1;
