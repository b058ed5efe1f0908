-- What the published tables would hold if they were made anew from the matcher's records and
-- ledger, in their columns. `chaiqin rebuild-statistics` compares and replaces with these.
SET ROLE statistics_aggregator;

CREATE VIEW statistics.recounted_month AS
SELECT agency, month,
       COALESCE(sum(records) FILTER (WHERE kind = 0), 0)::bigint AS leave,
       COALESCE(sum(records) FILTER (WHERE kind = 1), 0)::bigint AS overtime,
       COALESCE(sum(minutes) FILTER (WHERE kind = 0), 0)::bigint AS leave_minutes,
       COALESCE(sum(minutes) FILTER (WHERE kind = 1), 0)::bigint AS overtime_minutes,
       array_agg((kind * 256 + type)::smallint) AS kind_type,
       array_agg(records) AS records,
       array_agg(minutes) AS minutes
FROM (
    SELECT agency, month, kind, type, records::bigint AS records, minutes::bigint AS minutes
    FROM matching.recount
    WHERE records <> 0 OR minutes <> 0
    ORDER BY agency, month, kind, type
) c
GROUP BY agency, month;

CREATE VIEW statistics.recounted_claim AS
SELECT agency, month,
       COALESCE(sum(delta) FILTER (WHERE NOT zero_report), 0)::bigint AS records,
       COALESCE(sum(delta) FILTER (WHERE zero_report), 0)::bigint AS zero_reports,
       min(received_at) FILTER (WHERE delta > 0) AS first_received_at,
       min(received_at) FILTER (WHERE delta > 0 AND NOT by_rematch) AS first_file_received_at
FROM matching.claim_delta
GROUP BY agency, month;

CREATE VIEW statistics.recounted_post AS
SELECT agency, month, sum(delta)::bigint AS delta
FROM matching.post_delta
GROUP BY agency, month;

RESET ROLE;
