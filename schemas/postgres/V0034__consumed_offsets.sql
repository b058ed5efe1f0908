-- A stage keeps what it has announced in its outbox until the stages that read it have committed. This says how
-- far they are.
CREATE VIEW registry.consumed_offset AS
SELECT topic, partition, min(next_offset) AS next_offset
FROM (
    SELECT topic, partition, next_offset FROM validation.progress
    UNION ALL
    SELECT topic, partition, next_offset FROM matching.progress
    UNION ALL
    SELECT topic, partition, next_offset FROM statistics.progress
    UNION ALL
    SELECT topic, partition, next_offset FROM notification.progress
) readers
GROUP BY topic, partition;

GRANT SELECT ON registry.consumed_offset TO validator, agency_matcher, statistics_aggregator, notification;

-- `chaiqin recover`: from here on what stages have sent before is of an older store. The number stands in a setting
-- of the database, so that a backup carries it and every session knows it without a table.
CREATE FUNCTION registry.begin_new_life() RETURNS int LANGUAGE plpgsql AS $f$
DECLARE
    number int := COALESCE(NULLIF(current_setting('chaiqin.recovered', true), ''), '0')::int + 1;
BEGIN
    EXECUTE format('ALTER DATABASE %I SET chaiqin.recovered = %L', current_database(), number::text);
    RETURN number;
END $f$;
REVOKE EXECUTE ON FUNCTION registry.begin_new_life() FROM PUBLIC;
