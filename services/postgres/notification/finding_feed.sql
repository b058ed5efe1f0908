-- The findings feed: files whose findings may have changed in, changes in one order out.

-- name: lock_finding_feed
-- One writer at a time, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('chaiqin findings feed', 0));

-- name: take_files_with_due_findings
-- The files that have waited longest, each once, and whether Table 19 was asked about it again;
-- with them those whose findings of file or envelope they may fix. $1 the most marks.
WITH due AS (
    DELETE FROM portal.finding_due
    WHERE number IN (SELECT d.number FROM portal.finding_due d ORDER BY d.number LIMIT $1::int)
    RETURNING submission_id, again
), answered AS (
    SELECT DISTINCT c.submission_id
    FROM due
    JOIN matching.file f USING (submission_id)
    JOIN notification.finding_change c ON c.agency = f.agency AND c.is_open AND c.kind < 2
)
SELECT submission_id, bool_or(again) AS again
FROM (SELECT submission_id, again FROM due
      UNION ALL
      SELECT submission_id, false FROM answered) x
GROUP BY submission_id;

-- name: write_finding_changes
-- Compares the findings of files as they stand with what was told of them, and writes down what
-- opened and what was fixed. $1 the files, $2 of each whether Table 19 was asked about it again (0
-- or 1), $3 now. A finding that was fixed before it could be told opens and is fixed at once.
-- One of Table 19 whose message names another agency or step than before is another one.
-- Everything is joined as a whole: a file may have many thousand findings and as many answers.
WITH asked AS MATERIALIZED (
    SELECT a.submission_id, a.again <> 0 AS again
    FROM unnest($1::uuid[], $2::smallint[]) AS a(submission_id, again)
), answered AS MATERIALIZED (
    SELECT DISTINCT ON (d.submission_id, d.identity) d.submission_id, d.identity, d.fixed_by
    FROM matching.fixed_finding d
    LEFT JOIN matching.file b ON b.submission_id = d.fixed_by
    WHERE d.submission_id = ANY ($1)
    ORDER BY d.submission_id, d.identity, b.received_at, b.submission_id
), stands AS MATERIALIZED (
    SELECT x.*,
           CASE WHEN x.kind < 2
                THEN matching.file_fixed_by(x.agency, x.data_month, x.received_at, x.submission_id)
                ELSE a.fixed_by
           END AS fixed_by
    FROM (
        SELECT submission_id, kind, index, pointer, code, seq, severity, record_no, record_seq,
               revision, field, message, identity, agency, received_at, data_month
        FROM validation.finding WHERE submission_id = ANY ($1)
        UNION ALL
        SELECT submission_id, kind, index, pointer, code, seq, severity, record_no, record_seq,
               revision, field, message, identity, agency, received_at, data_month
        FROM matching.finding WHERE submission_id = ANY ($1)
        UNION ALL
        SELECT t.submission_id, t.kind, t.index, t.pointer, t.code, t.seq, t.severity, t.record_no,
               t.record_seq,
               get_byte(r.revision, 4 * t."position" + 2) * 256
               + get_byte(r.revision, 4 * t."position" + 3),
               t.field, t.message, t.identity, t.agency, t.received_at, t.data_month
        FROM (SELECT r.submission_id, r.revision || '' AS revision
              FROM matching.file_record r
              WHERE r.submission_id = ANY ($1)
              OFFSET 0) r
        JOIN matching.t_finding t USING (submission_id)
        WHERE t.submission_id = ANY ($1)
    ) x
    LEFT JOIN answered a ON a.submission_id = x.submission_id AND a.identity = x.identity
), told AS MATERIALIZED (
    SELECT submission_id, kind, index, pointer, code, seq, message,
           max(change_no) FILTER (WHERE is_open) AS open_no
    FROM notification.finding_change
    WHERE submission_id = ANY ($1)
    GROUP BY submission_id, kind, index, pointer, code, seq, message
), compared AS MATERIALIZED (
    SELECT s.submission_id IS NOT NULL AS stands, t.submission_id IS NOT NULL AS is_told,
           t.open_no, s.fixed_by, s.agency, COALESCE(s.submission_id, t.submission_id) AS of_file,
           s.kind, s.index, s.pointer, s.code, s.seq, s.severity, s.record_no, s.record_seq,
           s.revision, s.field, s.message
    FROM stands s
    FULL JOIN told t
        ON t.submission_id = s.submission_id AND t.kind = s.kind AND t.index = s.index
       AND t.pointer = s.pointer AND t.code = s.code AND t.seq = s.seq AND t.message = s.message
), ends AS MATERIALIZED (
    SELECT open_no, fixed_by
    FROM compared
    WHERE open_no IS NOT NULL AND (NOT stands OR fixed_by IS NOT NULL)
), closed AS (
    UPDATE notification.finding_change c SET is_open = false
    FROM ends e WHERE c.change_no = e.open_no
), changes AS (
    SELECT c.agency, c.of_file AS submission_id, true AS opened, NULL::uuid AS fixed_by, c.kind,
           c.index, c.pointer, c.code, c.seq, c.severity, c.record_no, c.record_seq, c.revision,
           c.field, c.message, c.fixed_by IS NULL AS is_open
    FROM compared c
    WHERE c.stands AND (NOT c.is_told OR (c.fixed_by IS NULL AND c.open_no IS NULL))
    UNION ALL
    SELECT c.agency, c.of_file, false, c.fixed_by, c.kind, c.index, c.pointer, c.code, c.seq,
           c.severity, c.record_no, c.record_seq, c.revision, c.field, c.message, false
    FROM compared c
    WHERE c.stands AND NOT c.is_told AND c.fixed_by IS NOT NULL
    UNION ALL
    SELECT c.agency, c.submission_id, false, e.fixed_by, c.kind, c.index, c.pointer, c.code, c.seq,
           c.severity, c.record_no, c.record_seq, c.revision, c.field, c.message, false
    FROM ends e
    JOIN notification.finding_change c ON c.change_no = e.open_no
)
INSERT INTO notification.finding_change
    (agency, submission_id, opened, at, fixed_by, kind, index, pointer, code, seq, severity,
     record_no, record_seq, revision, field, message, is_open, to_be_told)
SELECT c.agency, c.submission_id, c.opened, $3::timestamptz, c.fixed_by, c.kind, c.index,
       c.pointer, c.code, c.seq, c.severity, c.record_no, c.record_seq, c.revision,
       c.field, c.message, c.is_open,
       a.again AND c.code LIKE 'T%' AND (c.opened OR c.fixed_by IS NULL)
FROM changes c
JOIN asked a USING (submission_id)
ORDER BY c.agency, c.submission_id, c.opened DESC, c.kind, c.index, c.pointer, c.code, c.seq;

-- name: take_rematched_changes
-- Agencies whose findings a re-match changed and that have not been told, each with how many
-- findings opened and were fixed, and the last change. Not while the re-match is still at work: its
-- newest change must be from before $1, or its oldest from before $2. What is given counts as told.
-- $3 the most agencies.
WITH ready AS MATERIALIZED (
    SELECT agency, max(change_no) AS last
    FROM notification.finding_change
    WHERE to_be_told
    GROUP BY agency
    HAVING max(at) < $1::timestamptz OR min(at) < $2::timestamptz
    ORDER BY agency
    LIMIT $3::int
), told AS (
    UPDATE notification.finding_change c SET to_be_told = false
    FROM ready r
    WHERE c.agency = r.agency AND c.to_be_told AND c.change_no <= r.last
    RETURNING c.agency, c.opened, c.change_no
)
SELECT agency, count(*) FILTER (WHERE opened) AS opened,
       count(*) FILTER (WHERE NOT opened) AS fixed, max(change_no) AS last
FROM told
GROUP BY agency
ORDER BY agency;
