-- A stage that has put too many messages into quarantine waits until an operator says that it may go on: each
-- `chaiqin quarantine resume` adds a row here, and the waiting processes of the stage look for a new one.
DO $$
DECLARE s record;
BEGIN
    FOR s IN SELECT * FROM (VALUES ('validation','validator'),('matching','agency_matcher'),
                                   ('statistics','statistics_aggregator'),('notification','notification')) AS v(schema, role) LOOP
        EXECUTE format($f$
            CREATE TABLE %1$I.resume (
                id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                ordered_at  timestamptz NOT NULL DEFAULT now()
            );
            ALTER TABLE %1$I.resume OWNER TO %2$I;
        $f$, s.schema, s.role);
    END LOOP;
END $$;
