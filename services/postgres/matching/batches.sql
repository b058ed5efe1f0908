-- What the matcher reads before it decides a batch of files or a re-match, and what it changes in
-- earlier files afterwards. Rows of new files are written by COPY.

-- name: insert_batch
-- $1 the partition, $2 the time, $3 whether it is a re-match.
INSERT INTO matching.batch (partition, made_at, by_rematch)
VALUES ($1::int, $2::timestamptz, $3::boolean)
RETURNING id;

-- name: identity_prefixes
-- Of the agencies $1.
SELECT id, agency, submissions, prefix, owner
FROM matching.identity_prefix
WHERE agency = ANY($1::text[])
ORDER BY agency, id;

-- name: delete_identity_prefixes
-- The rows with the ids $1.
DELETE FROM matching.identity_prefix WHERE id = ANY($1::bigint[]);

-- name: files_to_judge
-- The submissions $1, with the columns of domain::JudgedLine.
SELECT submission_id, agency, received_at, orgs,
       day, minutes, kind_type, org, outcome, identity, token, content, revision
FROM matching.file_record
WHERE submission_id = ANY($1::uuid[]);

-- name: person_prefixes
-- Of the files of the slots $1.
SELECT submission_id, prefix FROM matching.person_prefix WHERE slot = ANY($1::int[]);

-- name: tokens_of_files
-- Of the submissions $1.
SELECT submission_id, token FROM matching.file_record WHERE submission_id = ANY($1::uuid[]);

-- name: lines_to_match
-- The columns of domain::LineToMatch, of some lines of each file. $1 submissions; the subscripts of
-- the lines of each stand in $4, from the element in $2 to the element in $3.
--
-- A stored column is compressed as a whole, and taking one element out of it decompresses all of
-- it. So the inner query makes a plain copy of each column by appending nothing to it; OFFSET 0
-- keeps the planner from moving that into the loop over the lines. What this saves is measured
-- (docs/performance.md, "What made re-matching cheaper").
SELECT f.submission_id, f.agency, f.received_at, f.orgs, f.leave_lines, at.*
FROM (SELECT r.submission_id, r.agency, r.received_at, r.orgs, r.leave_lines,
             r.day || '{}' AS day, r.minutes || '{}' AS minutes, r.kind_type || '{}' AS kind_type,
             r.org || '{}' AS org, r.outcome || '{}' AS outcome, r.line || '' AS line,
             r.claimed_org || '' AS claimed_org, r.day_count || '' AS day_count,
             ($4::int[])[w.begins:w.ends] AS wanted
      FROM unnest($1::uuid[], $2::int[], $3::int[]) AS w(submission_id, begins, ends)
      JOIN matching.file_record r USING (submission_id)
      OFFSET 0) f
CROSS JOIN LATERAL (
    SELECT array_agg(f.day[i]) AS day, array_agg(f.minutes[i]) AS minutes,
           array_agg(f.kind_type[i]) AS kind_type, array_agg(f.org[i]) AS org,
           array_agg(f.outcome[i]) AS outcome,
           string_agg(substring(f.line FROM 4 * i - 3 FOR 4), '') AS line,
           string_agg(substring(f.claimed_org FROM 4 * i - 3 FOR 4), '') AS claimed_org,
           string_agg(substring(f.day_count FROM 4 * i - 3 FOR 4), '') AS day_count
    FROM unnest(f.wanted) AS i) at;

-- name: notes_of_files
-- What is noted of each file, and the labels of some of its lines; parameters and copies of columns
-- as in lines_to_match. The joined texts come as they are: SQL cannot cut them by position cheaply.
SELECT f.submission_id, m.data_month, at.identity, at.record_seq, f.record_no, f.masked_person_id,
       n."position" AS noted_position, n.index AS noted_index, n.identity AS noted_identity,
       n.token AS noted_token, n.day AS noted_day, n.kind_type AS noted_kind_type,
       n.outcome AS noted_outcome, n.claimed_org AS noted_claimed_org, n.org AS noted_org,
       n.record_no AS noted_record_no, n.record_seq AS noted_record_seq,
       n.person_id AS noted_person_id
FROM (SELECT r.submission_id, r.record_no, r.masked_person_id, r.identity || '' AS identity,
             r.record_seq || '' AS record_seq, ($4::int[])[w.begins:w.ends] AS wanted
      FROM unnest($1::uuid[], $2::int[], $3::int[]) AS w(submission_id, begins, ends)
      JOIN matching.file_record r USING (submission_id)
      OFFSET 0) f
CROSS JOIN LATERAL (
    SELECT string_agg(substring(f.identity FROM 8 * i - 7 FOR 8), '') AS identity,
           string_agg(substring(f.record_seq FROM 4 * i - 3 FOR 4), '') AS record_seq
    FROM unnest(f.wanted) AS i) at
JOIN matching.file m USING (submission_id)
LEFT JOIN matching.noted n USING (submission_id);

-- name: note_first_receipts
-- Identities $1 that were replaced, and when the line that was replaced was received ($2). Who is
-- replaced first was there first.
INSERT INTO matching.first_receipt (identity, received_at)
SELECT DISTINCT ON (r.identity) r.identity, r.received_at
FROM unnest($1::bigint[], $2::timestamptz[]) WITH ORDINALITY AS r(identity, received_at, number)
ORDER BY r.identity, r.number
ON CONFLICT (identity) DO NOTHING;

-- name: change_counters
-- Adds to the counters of files. $1 submissions; $2 superseded, $3 unmatched, $4 counted and
-- $5 warnings of Table 19 of each.
UPDATE matching.file f
SET superseded = f.superseded + c.superseded, unmatched = f.unmatched + c.unmatched,
    counted = f.counted + c.counted, t_warnings = f.t_warnings + c.t_warnings
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[])
     AS c(submission_id, superseded, unmatched, counted, t_warnings)
WHERE f.submission_id = c.submission_id
  AND (c.superseded <> 0 OR c.unmatched <> 0 OR c.counted <> 0 OR c.t_warnings <> 0);

-- name: change_outcomes
-- New outcomes of some lines of files. $1 submissions; the subscripts of the lines of each stand in
-- $4 and their outcomes in $5, from the element in $2 to the element in $3.
UPDATE matching.file_record f
SET outcome = matching.with_values(f.outcome, ($4::int[])[c.begins:c.ends],
                                   ($5::smallint[])[c.begins:c.ends])
FROM unnest($1::uuid[], $2::int[], $3::int[]) AS c(submission_id, begins, ends)
WHERE f.submission_id = c.submission_id;

-- name: renew_noted_outcomes
-- Of the submissions $1, from their stored lines.
UPDATE matching.noted n
SET outcome = (SELECT array_agg(o.outcome ORDER BY p.number)
               FROM unnest(n."position") WITH ORDINALITY AS p(at, number)
               JOIN unnest(f.outcome) WITH ORDINALITY AS o(outcome, number) ON o.number = p.at + 1)
FROM matching.file_record f
WHERE f.submission_id = n.submission_id AND n.submission_id = ANY($1::uuid[]);

-- name: change_attributions
-- New outcomes and agencies of some lines of files, and the files' whole dictionaries.
-- $1 submissions; the subscripts of the lines of each stand in $6, their outcomes in $7 and their
-- agencies in $8, from the element in $2 to the element in $3; its dictionary stands in $9, from
-- the element in $4 to the element in $5.
UPDATE matching.file_record f
SET outcome = matching.with_values(f.outcome, ($6::int[])[c.begins:c.ends],
                                   ($7::smallint[])[c.begins:c.ends]),
    org = matching.with_values(f.org, ($6::int[])[c.begins:c.ends], ($8::int[])[c.begins:c.ends]),
    orgs = ($9::text[])[c.orgs_begin:c.orgs_end]
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[])
     AS c(submission_id, begins, ends, orgs_begin, orgs_end)
WHERE f.submission_id = c.submission_id;

-- name: delete_noted
-- Of the submissions $1.
DELETE FROM matching.noted WHERE submission_id = ANY($1::uuid[]);

-- name: move_change_cursor
-- Of the partition $2 of the topic $4 from $3 to $1, if it still stands at $3.
UPDATE matching.progress
SET change_no = $1::bigint
WHERE stage = 'agency_matcher' AND topic = $4::text
  AND partition = $2::int AND change_no = $3::bigint;

-- name: career_changes
-- Entries of the change log after $1 and up to $2, at most $3, as three arrays of the same length.
SELECT COALESCE(array_agg(change_no), '{}') AS change_no, COALESCE(array_agg(token), '{}') AS token,
       COALESCE(array_agg(load_no), '{}') AS load_no
FROM (SELECT change_no, token, load_no
      FROM matching.table19_change
      WHERE change_no > $1::bigint AND change_no <= $2::bigint
      ORDER BY change_no
      LIMIT $3::bigint) c;
