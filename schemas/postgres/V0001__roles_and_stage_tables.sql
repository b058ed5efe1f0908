-- One schema and one role a service; a service writes only its own schema. Reads across are views that the
-- owner grants. Passwords are set by the deployment. Applied as the database's owner by `chaiqin migrate`.
DO $$
DECLARE r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['gateway','validator','agency_matcher','statistics_aggregator','notification','query'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', r);
        END IF;
    END LOOP;
END $$;

CREATE SCHEMA registry;
CREATE SCHEMA intake        AUTHORIZATION gateway;
CREATE SCHEMA validation    AUTHORIZATION validator;
CREATE SCHEMA matching      AUTHORIZATION agency_matcher;
CREATE SCHEMA statistics    AUTHORIZATION statistics_aggregator;
CREATE SCHEMA notification  AUTHORIZATION notification;

GRANT USAGE ON SCHEMA registry TO gateway, validator, agency_matcher, statistics_aggregator, notification, query;
GRANT USAGE ON SCHEMA intake, validation, matching, statistics, notification TO query, gateway, validator, agency_matcher, statistics_aggregator, notification;

-- The tables of runtime/stage, the same in every stage's schema.
DO $$
DECLARE s record;
BEGIN
    FOR s IN SELECT * FROM (VALUES ('validation','validator'),('matching','agency_matcher'),
                                   ('statistics','statistics_aggregator'),('notification','notification')) AS v(schema, role) LOOP
        EXECUTE format($f$
            CREATE TABLE %1$I.progress (
                stage         text   NOT NULL,
                topic         text   NOT NULL,
                partition     int    NOT NULL,
                next_offset   bigint NOT NULL DEFAULT 0,
                change_no     bigint NOT NULL DEFAULT 0,
                trying_offset bigint,
                tries         int    NOT NULL DEFAULT 0,
                PRIMARY KEY (stage, topic, partition)
            ) WITH (fillfactor = 50);
            CREATE TABLE %1$I.outbox (
                id              bigint GENERATED ALWAYS AS IDENTITY,
                input_topic     text   NOT NULL,
                input_partition int    NOT NULL,
                topic           text   NOT NULL,
                partition       int    NOT NULL,
                key             text   NOT NULL,
                event_id        text   NOT NULL,
                headers         text[] NOT NULL,   -- name, value, name, value …
                payload         bytea  NOT NULL,
                PRIMARY KEY (input_topic, input_partition, id)
            );
            ALTER TABLE %1$I.outbox ALTER payload SET STORAGE EXTERNAL;
            CREATE TABLE %1$I.outbox_dead (LIKE %1$I.outbox, reason text NOT NULL, died_at timestamptz NOT NULL DEFAULT now());
            CREATE TABLE %1$I.applied (event_id text NOT NULL PRIMARY KEY);
            CREATE TABLE %1$I.quarantine (
                id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                event_id       text   NOT NULL,
                topic          text   NOT NULL,
                partition      int    NOT NULL,
                "offset"       bigint NOT NULL,
                key            text   NOT NULL,
                headers        text[] NOT NULL,
                payload        bytea  NOT NULL,   -- sealed or token-only, as on the topic
                reason         text   NOT NULL,
                quarantined_at timestamptz NOT NULL DEFAULT now(),
                replayed_at    timestamptz,
                replay_attempt int
            );
            ALTER TABLE %1$I.progress OWNER TO %2$I;
            ALTER TABLE %1$I.outbox OWNER TO %2$I;
            ALTER TABLE %1$I.outbox_dead OWNER TO %2$I;
            ALTER TABLE %1$I.applied OWNER TO %2$I;
            ALTER TABLE %1$I.quarantine OWNER TO %2$I;
            GRANT SELECT ON %1$I.quarantine, %1$I.progress TO query, statistics_aggregator, validator, agency_matcher;
        $f$, s.schema, s.role);
    END LOOP;
END $$;
