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
WITH asked AS MATERIALIZED (
    SELECT a.submission_id, a.again <> 0 AS again
    FROM unnest($1::uuid[], $2::smallint[]) AS a(submission_id, again)
), stands AS MATERIALIZED (
    SELECT x.*,
           CASE WHEN x.kind < 2
                THEN matching.file_fixed_by(x.agency, x.data_month, x.received_at, x.submission_id)
                ELSE (SELECT d.fixed_by
                      FROM matching.fixed_finding d
                      LEFT JOIN matching.file b ON b.submission_id = d.fixed_by
                      WHERE d.submission_id = x.submission_id AND d.identity = x.identity
                      ORDER BY b.received_at, b.submission_id
                      LIMIT 1)
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
), told AS MATERIALIZED (
    SELECT c.change_no, c.submission_id, c.kind, c.index, c.pointer, c.code, c.seq, c.is_open,
           c.opened
    FROM notification.finding_change c
    WHERE c.submission_id = ANY ($1)
), compared AS MATERIALIZED (
    SELECT s.*,
           NOT EXISTS (SELECT FROM told t
                       WHERE (t.submission_id, t.kind, t.index, t.pointer, t.code, t.seq)
                           = (s.submission_id, s.kind, s.index, s.pointer, s.code, s.seq))
               AS is_new,
           EXISTS (SELECT FROM told t
                   WHERE t.is_open
                     AND (t.submission_id, t.kind, t.index, t.pointer, t.code, t.seq)
                       = (s.submission_id, s.kind, s.index, s.pointer, s.code, s.seq)) AS is_open
    FROM stands s
), ends AS MATERIALIZED (
    SELECT t.change_no, t.submission_id, s.fixed_by
    FROM told t
    LEFT JOIN stands s
        ON (t.submission_id, t.kind, t.index, t.pointer, t.code, t.seq)
         = (s.submission_id, s.kind, s.index, s.pointer, s.code, s.seq)
    WHERE t.is_open AND (s.submission_id IS NULL OR s.fixed_by IS NOT NULL)
), closed AS (
    UPDATE notification.finding_change c SET is_open = false
    FROM ends e WHERE c.change_no = e.change_no
), changes AS (
    SELECT c.agency, c.submission_id, true AS opened, NULL::uuid AS fixed_by, c.kind, c.index,
           c.pointer, c.code, c.seq, c.severity, c.record_no, c.record_seq, c.revision, c.field,
           c.message, c.fixed_by IS NULL AS is_open
    FROM compared c
    WHERE c.is_new OR (c.fixed_by IS NULL AND NOT c.is_open)
    UNION ALL
    SELECT c.agency, c.submission_id, false, c.fixed_by, c.kind, c.index, c.pointer, c.code, c.seq,
           c.severity, c.record_no, c.record_seq, c.revision, c.field, c.message, false
    FROM compared c
    WHERE c.is_new AND c.fixed_by IS NOT NULL
    UNION ALL
    SELECT c.agency, c.submission_id, false, e.fixed_by, c.kind, c.index, c.pointer, c.code, c.seq,
           c.severity, c.record_no, c.record_seq, c.revision, c.field, c.message, false
    FROM ends e
    JOIN notification.finding_change c USING (change_no)
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
