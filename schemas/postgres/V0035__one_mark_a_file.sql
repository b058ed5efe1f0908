-- A file's findings are compared for the feed once, when it is through, and not at each step on its way: the comparison is
-- the dearest thing that the feed does.

-- An accepted file is marked when the matcher has it (finding_due_of_stored); what the matcher finds in it is written in
-- that same transaction.
DROP TRIGGER finding_due_of_added ON matching.finding;

CREATE FUNCTION portal.note_finding_due_of_verdict() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO portal.finding_due (submission_id, again)
    SELECT c.submission_id, false
    FROM (SELECT DISTINCT submission_id FROM changed) c
    -- Scalar questions are asked file by file; EXISTS under OR would read both tables whole.
    WHERE COALESCE((SELECT s.verdict <> 'ACCEPTED' FROM validation.submission s
                    WHERE s.submission_id = c.submission_id), true)
       OR (SELECT true FROM matching.file f WHERE f.submission_id = c.submission_id);
    RETURN NULL;
END $$;
-- Lines noted of a file that this transaction did not bring: after a re-match, or by a later file.
CREATE FUNCTION portal.note_finding_due_of_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO portal.finding_due (submission_id, again)
    SELECT DISTINCT c.submission_id, false
    FROM changed c
    WHERE (SELECT f.xmin = pg_current_xact_id()::xid FROM matching.file f WHERE f.submission_id = c.submission_id)
        IS NOT TRUE;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION portal.note_finding_due_of_verdict(), portal.note_finding_due_of_lines() FROM PUBLIC;

DROP TRIGGER finding_due_of_added ON validation.finding;
CREATE TRIGGER finding_due_of_added AFTER INSERT ON validation.finding
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due_of_verdict();
DROP TRIGGER finding_due_of_added ON matching.noted;
CREATE TRIGGER finding_due_of_added AFTER INSERT ON matching.noted
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal.note_finding_due_of_lines();
