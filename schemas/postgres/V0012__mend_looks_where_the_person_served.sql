-- Whether another record of the person is matched is looked for also among the files of the agencies where Table 19 has
-- the person, no longer among the sender's alone: an id that is right elsewhere is not mistyped. Only a line whose own
-- reason is hidden asks.
SET ROLE agency_matcher;
CREATE OR REPLACE VIEW matching.unmatched AS
SELECT n.submission_id, n.agency, (l.kind_type / 256)::smallint AS kind, l.index, l.record_no,
       l.record_seq, l.person_id, date '1970-01-01' + l.day AS date, s.reason, n.received_at,
       CASE WHEN s.reason <> 'NO_PERSON' THEN 'personnel_office'
            WHEN l.outcome & 15 = 8 THEN 'attendance_clerk'
            WHEN EXISTS (SELECT 1 FROM matching.file_record f
                         WHERE f.agency = ANY (ARRAY(SELECT n.agency
                                                     UNION ALL SELECT unnest(c.org) COLLATE "C" FROM matching.career c
                                                     WHERE c.token = l.token))
                           AND position(int8send(l.token) IN f.token) > 0
                           AND EXISTS (SELECT 1 FROM generate_series(0, length(f.token) / 8 - 1) AS p(at)
                                       WHERE substring(f.token FROM p.at * 8 + 1 FOR 8) = int8send(l.token)
                                         AND f.outcome[p.at + 1] & 12296 = 0))
            THEN 'personnel_office'
            ELSE 'attendance_clerk' END AS mend
FROM matching.noted n
CROSS JOIN LATERAL unnest(n.index, n.token, n.day, n.kind_type, n.outcome, n.record_no, n.record_seq, n.person_id)
    AS l(index, token, day, kind_type, outcome, record_no, record_seq, person_id)
CROSS JOIN LATERAL (SELECT CASE WHEN l.outcome & 256 = 0 THEN 'NO_PERSON'
    ELSE (ARRAY['NO_PERSON', 'BEFORE_FIRST', 'GAP', 'AFTER_LAST'])[(l.outcome & 7) + 1] END AS reason) s
WHERE l.outcome & 12288 = 0 AND l.outcome & 8 <> 0;
RESET ROLE;
