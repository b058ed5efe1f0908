-- Audit lines form a hash chain for each day in Asia/Taipei (services/crypto/audit_chain), so that a line that was changed,
-- taken out or put in is found by `chaiqin audit verify`. The head of a day is written in the transaction of its lines.

SET ROLE gateway;
ALTER TABLE intake.audit ADD day date, ADD number int, ADD hash bytea;
CREATE TABLE intake.audit_day (
    day     date NOT NULL PRIMARY KEY,
    ordinal int NOT NULL UNIQUE,    -- from 1, in the order in which the days began
    lines   int NOT NULL,
    head    bytea NOT NULL,         -- hash of the last line
    anchor  text NOT NULL           -- the other columns, signed with the receipt key (compact JWS); '' for days that ended
                                    -- before there was a chain
);
DO $$ <<chain>>
DECLARE
    line record;
    last_day date;
    head bytea;
    count int;
    days int := 0;
BEGIN
    FOR line IN
        SELECT a.*, (at AT TIME ZONE 'Asia/Taipei')::date AS on_day FROM intake.audit a ORDER BY on_day, id
    LOOP
        IF line.on_day IS DISTINCT FROM last_day THEN
            last_day := line.on_day;
            head := '';
            count := 0;
            days := days + 1;
            INSERT INTO intake.audit_day VALUES (last_day, days, 0, '', '');
        END IF;
        count := count + 1;
        head := sha256(head || convert_to((
            SELECT string_agg(octet_length(member) || ':' || member, '' ORDER BY place)
            FROM unnest(ARRAY[count::text, (extract(epoch FROM line.at) * 1000000)::bigint::text, line.sub, line.agency,
                              line.acting, line.action, line.object, line.result])
                WITH ORDINALITY AS m(member, place)), 'UTF8'));
        UPDATE intake.audit a SET day = last_day, number = count, hash = head WHERE a.id = line.id;
        UPDATE intake.audit_day d SET lines = count, head = chain.head WHERE d.day = last_day;
    END LOOP;
END $$;
ALTER TABLE intake.audit ALTER day SET NOT NULL, ALTER number SET NOT NULL, ALTER hash SET NOT NULL;
CREATE UNIQUE INDEX audit_by_number ON intake.audit (day, number);
RESET ROLE;
