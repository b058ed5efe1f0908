-- Whether the matcher has given a file up, in one place. A message that is replayed has the next attempt in its id, and
-- fails under that one again, while the verdict keeps the first.
SET ROLE agency_matcher;
-- Whether a message about the file stands in the matcher's quarantine. One that was replayed counts for so long as the
-- replay may be on its way.
CREATE FUNCTION matching.has_given_up(submission uuid, replay_takes interval DEFAULT '0')
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM matching.quarantine
                   WHERE event_id LIKE submission::text || '/%'
                     AND (replayed_at IS NULL OR replayed_at > now() - replay_takes))
$$;
REVOKE EXECUTE ON FUNCTION matching.has_given_up(uuid, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION matching.has_given_up(uuid, interval) TO validator, statistics_aggregator;
REVOKE SELECT ON matching.quarantine FROM validator, statistics_aggregator;
RESET ROLE;
