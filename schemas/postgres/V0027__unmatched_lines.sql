-- The unmatched list answers from rows of its own. Until now every question unnested the noted lines of file after file, and
-- looked through whole files of an agency to say who mends a line.

SET ROLE agency_matcher;
-- When an identity was first received, for identities that a later line has replaced: a new revision of a record does not
-- make it younger. An identity that is not here stands in one file only.
CREATE TABLE matching.first_receipt (
    identity    bigint NOT NULL PRIMARY KEY,
    received_at timestamptz NOT NULL
);

-- Live records that Table 19 does not cover, one row each. Follows matching.noted through its triggers.
CREATE TABLE matching.unmatched_line (
    submission_id     uuid NOT NULL,
    kind              smallint NOT NULL,    -- 0 leave, 1 overtime
    index             int NOT NULL,         -- of the record in its array
    agency            text COLLATE "C" NOT NULL,
    received_at       timestamptz NOT NULL, -- of the file
    first_received_at timestamptz NOT NULL, -- of the record's identity
    reason            smallint NOT NULL,    -- as it is: 0 NO_PERSON, 1 BEFORE_FIRST, 2 GAP, 3 AFTER_LAST
    hidden            boolean NOT NULL,     -- the sender may not know that the person has postings: it reads NO_PERSON
    date              date NOT NULL,
    record_no         text NOT NULL,
    record_seq        int NOT NULL,
    person_id         text NOT NULL,        -- masked
    token             bigint NOT NULL,
    PRIMARY KEY (submission_id, kind, index)
);
CREATE INDEX unmatched_line_by_agency
    ON matching.unmatched_line (agency, received_at DESC, submission_id DESC, kind, index);
CREATE INDEX unmatched_line_by_time
    ON matching.unmatched_line (received_at DESC, submission_id DESC, kind, index);
CREATE INDEX unmatched_line_hidden ON matching.unmatched_line (agency) WHERE hidden;
GRANT SELECT (submission_id, kind, index, agency, received_at, first_received_at, reason, hidden, date, record_no, record_seq,
              person_id) ON matching.unmatched_line TO query;
-- Its reader was the query service.
DROP VIEW matching.unmatched;

-- The numbers of the list, now by the age of the record, with hidden reasons apart (4 + reason).
DROP TABLE matching.unmatched_count;
CREATE TABLE matching.unmatched_count (
    submission_id     uuid NOT NULL,
    month             int NOT NULL,         -- of the record's date
    reason            smallint NOT NULL,    -- 0 to 3 as above; 5 to 7 the same, hidden from the sender
    first_received_at timestamptz NOT NULL,
    agency            text COLLATE "C" NOT NULL,
    records           int NOT NULL,
    PRIMARY KEY (submission_id, month, reason, first_received_at)
);
CREATE INDEX unmatched_count_by_agency ON matching.unmatched_count (agency, first_received_at)
    INCLUDE (month, reason, records);
GRANT SELECT ON matching.unmatched_count TO query;

-- The bits of an outcome: 7 reason or step, 8 unmatched, 256 the sender may know the reason, 4096 a delete instruction,
-- 8192 superseded.
CREATE OR REPLACE FUNCTION matching.note_unmatched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM matching.unmatched_line u USING removed r WHERE u.submission_id = r.submission_id;
        DELETE FROM matching.unmatched_count c USING removed r WHERE c.submission_id = r.submission_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        WITH line AS (
            INSERT INTO matching.unmatched_line
            SELECT n.submission_id, l.kind_type / 256, l.index, n.agency, n.received_at,
                   COALESCE(f.received_at, n.received_at), l.outcome & 7, l.outcome & 263 BETWEEN 1 AND 7,
                   date '1970-01-01' + l.day, l.record_no, l.record_seq, l.person_id, l.token
            FROM added n
            CROSS JOIN LATERAL unnest(n.index, n.identity, n.token, n.day, n.kind_type, n.outcome, n.record_no, n.record_seq,
                                      n.person_id)
                AS l(index, identity, token, day, kind_type, outcome, record_no, record_seq, person_id)
            LEFT JOIN matching.first_receipt f ON f.identity = l.identity
            WHERE l.outcome & 12288 = 0 AND l.outcome & 8 <> 0
            RETURNING *)
        INSERT INTO matching.unmatched_count (submission_id, month, reason, first_received_at, agency, records)
        SELECT submission_id, matching.month_of(date - date '1970-01-01'), CASE WHEN hidden THEN 4 ELSE 0 END + reason,
               first_received_at, agency, count(*)
        FROM line GROUP BY 1, 2, 3, 4, 5;
    END IF;
    RETURN NULL;
END $$;

-- Whether a reader may know the reason of a hidden line: every posting of the person is at an agency of `scope` (NULL: all
-- agencies), or the authority `loader` has loaded one ('' for readers that load nothing).
CREATE FUNCTION matching.reason_is_known(submission uuid, of_kind smallint, at int, scope text[], loader text)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT scope IS NULL
        OR EXISTS (SELECT FROM matching.career c WHERE c.token = l.token AND c.authority = loader)
        OR NOT EXISTS (SELECT FROM matching.career c WHERE c.token = l.token AND NOT c.org <@ scope)
    FROM matching.unmatched_line l WHERE l.submission_id = submission AND l.kind = of_kind AND l.index = at
$$;
-- Whether another record of the line's person counts somewhere: of the sender's, and of the agencies where the person served.
CREATE FUNCTION matching.person_is_matched(submission uuid, of_kind smallint, at int)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM matching.file_record f JOIN matching.person_prefix p USING (submission_id)
        WHERE f.agency = ANY (ARRAY(SELECT l.agency
                                    UNION ALL SELECT unnest(c.org) COLLATE "C" FROM matching.career c
                                    WHERE c.token = l.token))
          AND position(substring(int8send(l.token) FOR 4) IN p.prefix) > 0
          AND EXISTS (SELECT FROM generate_series(0, length(f.token) / 8 - 1) AS g(number)
                      WHERE substring(f.token FROM g.number * 8 + 1 FOR 8) = int8send(l.token)
                        AND f.outcome[g.number + 1] & 12296 = 0))
    FROM matching.unmatched_line l WHERE l.submission_id = submission AND l.kind = of_kind AND l.index = at
$$;
REVOKE EXECUTE ON FUNCTION matching.reason_is_known(uuid, smallint, int, text[], text),
    matching.person_is_matched(uuid, smallint, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION matching.reason_is_known(uuid, smallint, int, text[], text),
    matching.person_is_matched(uuid, smallint, int) TO query;

-- What is stored already, through the same trigger. No finding changes by it, so the feed is not asked to compare every file.
-- Lines that were replaced before this migration keep the age of their last file.
ALTER TABLE matching.noted DISABLE TRIGGER finding_due_of_changed;
UPDATE matching.noted SET outcome = outcome;
ALTER TABLE matching.noted ENABLE TRIGGER finding_due_of_changed;
RESET ROLE;
