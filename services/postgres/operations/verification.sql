-- The conservation law over the whole store. Each check gives at most one row: the first
-- difference by agency, month and submission, and how many there are. A batch that is not
-- applied is in the matcher's ledger and not in the published counts yet. Bits of outcome
-- (matching.file_record): 8 unmatched, 4096 a delete instruction, 8192 superseded; a line with
-- neither of the last two is live (12288), and counted if it is matched as well (12296).

-- name: totals_of_files
SELECT count(*) AS submissions,
       COALESCE(sum(total), 0)::bigint AS lines,
       COALESCE(sum(counted), 0)::bigint AS counted,
       COALESCE(sum(unmatched), 0)::bigint AS unmatched
FROM matching.file;

-- name: total_of_records
-- Live matched records, counted one by one.
SELECT 
       COALESCE(sum(r.counted), 0)::bigint AS counted
FROM matching.file_record f
CROSS JOIN LATERAL (
    SELECT count(*) AS counted
    FROM unnest(f.outcome) AS o
    WHERE o & 12296 = 0
) r;

-- name: total_published
SELECT COALESCE(sum(records), 0)::bigint AS records
FROM statistics.monthly_count;

-- name: total_not_applied
SELECT count(*) AS batches,
       COALESCE(sum((
           SELECT sum(d.records)
           FROM matching.count_delta d
           WHERE d.batch_id = b.id
       )), 0)::bigint AS records
FROM matching.batch b
WHERE NOT EXISTS (SELECT 1 FROM statistics.applied_batch a WHERE a.batch_id = b.id);

-- name: dispositions
-- Lines of a submission are the sum of its dispositions.
SELECT count(*) OVER () AS differences, agency, data_month AS month, submission_id,
       'total ' || total || ', sum '
           || invalid + unchanged + stale + deletion + superseded + unmatched + counted AS detail
FROM matching.file
WHERE total <> invalid + unchanged + stale + deletion + superseded + unmatched + counted
   OR least(invalid, unchanged, stale, deletion, superseded, unmatched, counted) < 0
ORDER BY agency, month, submission_id
LIMIT 1;

-- name: records_of_file
-- A submission's COUNTED and UNMATCHED are what its live records say.
SELECT count(*) OVER () AS differences, f.agency, f.data_month AS month, f.submission_id,
       'counted ' || f.counted || ', records ' || r.counted
           || '; unmatched ' || f.unmatched || ', records ' || r.unmatched AS detail
FROM matching.file f
LEFT JOIN matching.file_record s USING (submission_id)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE o & 8 = 0) AS counted,
           count(*) FILTER (WHERE o & 8 <> 0) AS unmatched
    FROM unnest(s.outcome) AS o
    WHERE o & 12288 = 0
) r
WHERE f.counted <> r.counted OR f.unmatched <> r.unmatched
ORDER BY f.agency, month, f.submission_id
LIMIT 1;

-- name: unmatched_lines
-- The unmatched list and its numbers are what the files' UNMATCHED say.
SELECT count(*) OVER () AS differences, f.agency, f.data_month AS month, f.submission_id,
       'unmatched ' || f.unmatched || ', listed ' || COALESCE(l.lines, 0)
           || ', counted beforehand ' || COALESCE(c.records, 0) AS detail
FROM matching.file f
LEFT JOIN (SELECT submission_id, count(*) AS lines FROM matching.unmatched_line
           GROUP BY submission_id) l USING (submission_id)
LEFT JOIN (SELECT submission_id, sum(records) AS records FROM matching.unmatched_count
           GROUP BY submission_id) c USING (submission_id)
WHERE f.unmatched <> COALESCE(l.lines, 0) OR f.unmatched <> COALESCE(c.records, 0)
ORDER BY f.agency, month, f.submission_id
LIMIT 1;

-- name: monthly_counts
-- Published counts and batches that are not applied together are the live matched records.
SELECT count(*) OVER () AS differences,
       COALESCE(p.agency, r.agency) AS agency, COALESCE(p.month, r.month) AS month,
       NULL::uuid AS submission_id,
       CASE COALESCE(p.kind, r.kind) WHEN 0 THEN 'leave ' ELSE 'overtime ' END
           || COALESCE(p.type, r.type)
           || ': recount ' || COALESCE(r.records, 0) || '/' || COALESCE(r.minutes, 0)
           || ', published and unapplied ' || COALESCE(p.records, 0)
           || '/' || COALESCE(p.minutes, 0) AS detail
FROM (
    SELECT agency, month, kind, type, sum(records) AS records, sum(minutes) AS minutes
    FROM (
        SELECT agency, month, kind, type, records, minutes
        FROM statistics.monthly_count
        UNION ALL
        SELECT d.agency, d.month, d.kind, d.type, d.records, d.minutes
        FROM matching.batch b
        JOIN matching.count_delta d ON d.batch_id = b.id
        WHERE NOT EXISTS (SELECT 1 FROM statistics.applied_batch a WHERE a.batch_id = b.id)
    ) u
    GROUP BY agency, month, kind, type
) p
FULL JOIN matching.recount r
    ON r.agency = p.agency AND r.month = p.month AND r.kind = p.kind AND r.type = p.type
WHERE COALESCE(p.records, 0) <> COALESCE(r.records, 0)
   OR COALESCE(p.minutes, 0) <> COALESCE(r.minutes, 0)
ORDER BY agency, month
LIMIT 1;

-- name: negative_counts
-- No published count is negative, unless a batch is not applied yet.
SELECT count(*) OVER () AS differences, agency, month, NULL::uuid AS submission_id,
       CASE kind WHEN 0 THEN 'leave ' ELSE 'overtime ' END
           || type || ': ' || records || '/' || minutes AS detail
FROM statistics.monthly_count
WHERE (records < 0 OR minutes < 0)
  AND NOT EXISTS (
          SELECT 1
          FROM matching.batch b
          WHERE NOT EXISTS (SELECT 1 FROM statistics.applied_batch a WHERE a.batch_id = b.id))
ORDER BY agency, month
LIMIT 1;

-- name: agency_sums
-- The sums of an agency's month are its published counts.
SELECT count(*) OVER () AS differences,
       COALESCE(c.agency, s.agency) AS agency, COALESCE(c.month, s.month) AS month,
       NULL::uuid AS submission_id,
       'counts ' || COALESCE(c.records, 0) || '/' || COALESCE(c.minutes, 0)
           || ', sums ' || COALESCE(s.leave + s.overtime, 0)
           || '/' || COALESCE(s.leave_minutes + s.overtime_minutes, 0) AS detail
FROM (
    SELECT agency, month, sum(records) AS records, sum(minutes) AS minutes
    FROM statistics.monthly_count
    GROUP BY agency, month
) c
FULL JOIN statistics.agency_month s ON s.agency = c.agency AND s.month = c.month
WHERE COALESCE(c.records, 0) <> COALESCE(s.leave + s.overtime, 0)
   OR COALESCE(c.minutes, 0) <> COALESCE(s.leave_minutes + s.overtime_minutes, 0)
ORDER BY agency, month
LIMIT 1;

-- name: national_sums
-- The sums over all agencies are the published counts.
SELECT count(*) OVER () AS differences,
       ''::text AS agency, COALESCE(c.month, s.month) AS month, NULL::uuid AS submission_id,
       CASE COALESCE(c.kind, s.kind) WHEN 0 THEN 'leave ' ELSE 'overtime ' END
           || COALESCE(c.type, s.type)
           || ': counts ' || COALESCE(c.records, 0) || '/' || COALESCE(c.minutes, 0)
           || ', sums ' || COALESCE(s.records, 0) || '/' || COALESCE(s.minutes, 0) AS detail
FROM (
    SELECT month, kind, type, sum(records) AS records, sum(minutes) AS minutes
    FROM statistics.monthly_count
    GROUP BY month, kind, type
) c
FULL JOIN statistics.national_month s ON s.month = c.month AND s.kind = c.kind AND s.type = c.type
WHERE COALESCE(c.records, 0) <> COALESCE(s.records, 0)
   OR COALESCE(c.minutes, 0) <> COALESCE(s.minutes, 0)
ORDER BY month
LIMIT 1;

-- name: not_said_counted
-- A file whose counts are published has been said to be COUNTED.
SELECT count(*) OVER () AS differences, f.agency, f.data_month AS month, f.submission_id,
       ''::text AS detail
FROM matching.file f
JOIN statistics.applied_batch a ON a.batch_id = f.batch_id
WHERE NOT EXISTS (SELECT 1 FROM statistics.counted c WHERE c.submission_id = f.submission_id)
ORDER BY f.agency, month, f.submission_id
LIMIT 1;

-- name: judgements
-- What the matcher has stored of a file is the judgement that the validator has stored. The matcher
-- finds further invalid lines (U02 to U05).
SELECT count(*) OVER () AS differences, s.agency, s.data_month AS month, s.submission_id,
       'lines ' || s.total || ', at the matcher ' || f.total
           || '; invalid ' || s.invalid || ', at the matcher ' || f.invalid
           || CASE WHEN s.zero_report <> f.zero_report THEN '; zero report or not' ELSE '' END
           || CASE WHEN s.data_month IS DISTINCT FROM f.data_month THEN '; another month'
                   ELSE '' END AS detail
FROM validation.submission s
JOIN matching.file f USING (submission_id)
WHERE s.total <> f.total OR s.invalid > f.invalid OR s.zero_report <> f.zero_report
   OR s.data_month IS DISTINCT FROM f.data_month
ORDER BY s.agency, month, s.submission_id
LIMIT 1;

-- name: lost_files
-- An accepted file has a row of the matcher, a row in the outbox (where it stays until the matcher
-- is past it) or a place in quarantine. The first thousand of those that have none.
SELECT count(*) OVER () AS differences, s.agency, s.data_month AS month, s.submission_id,
       'accepted, but nobody has it any more'::text AS detail
FROM validation.submission s
WHERE s.verdict = 'ACCEPTED'
  AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.submission_id = s.submission_id)
  AND NOT EXISTS (
          SELECT 1
          FROM validation.outbox o
          WHERE o.event_id = s.submission_id::text || '/' || s.attempt)
  AND NOT matching.has_given_up(s.submission_id, '10 minutes')
ORDER BY s.agency, month, s.submission_id
LIMIT 1000;

-- name: lost_receipts
-- A file with a receipt has a verdict or a place in quarantine as soon as the validator is past
-- it; until then it is in the topic. The first thousand of those that are nowhere. $1 topic of
-- received files; it ends at $3 in the partition $2 (arrays; empty where that is not known).
SELECT count(*) OVER () AS differences, r.agency, NULL::int AS month, r.submission_id,
       'partition ' || r.partition || ', offset ' || r."offset" AS detail
FROM intake.receipt r
JOIN validation.progress p ON p.topic = $1::text AND p.partition = r.partition
LEFT JOIN unnest($2::int[], $3::bigint[]) AS t(partition, ends) ON t.partition = r.partition
WHERE (r."offset" < p.next_offset OR r."offset" >= t.ends)
  AND NOT EXISTS (SELECT 1 FROM validation.submission s WHERE s.submission_id = r.submission_id)
  AND NOT EXISTS (
          SELECT 1
          FROM validation.quarantine q
          WHERE q.event_id LIKE r.submission_id::text || '/%')
ORDER BY r.agency, r.submission_id
LIMIT 1000;
