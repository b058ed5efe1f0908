-- A role keeps the right to read of another schema only where one of its statements, views or functions does; a test
-- compares the two. The rights of the query service follow when its statements are settled.
SET ROLE gateway;
REVOKE SELECT ON intake.receipt, intake.career_load
    FROM validator, agency_matcher, statistics_aggregator, notification;
RESET ROLE;

SET ROLE validator;
REVOKE SELECT ON validation.submission FROM notification;
REVOKE SELECT ON validation.finding FROM statistics_aggregator, notification;
REVOKE SELECT ON validation.finding_group FROM agency_matcher, statistics_aggregator, notification;
REVOKE SELECT ON validation.progress FROM agency_matcher;
REVOKE SELECT ON validation.quarantine FROM agency_matcher, statistics_aggregator;
RESET ROLE;

SET ROLE agency_matcher;
REVOKE SELECT ON matching.file FROM notification;
REVOKE SELECT ON matching.batch, matching.count_delta, matching.claim_delta, matching.post_delta
    FROM validator, notification;
REVOKE SELECT ON matching.progress FROM validator, statistics_aggregator;
REVOKE SELECT ON matching.record, matching.unmatched FROM statistics_aggregator;
RESET ROLE;

SET ROLE statistics_aggregator;
REVOKE SELECT ON ALL TABLES IN SCHEMA statistics FROM notification, validator, agency_matcher;
RESET ROLE;

SET ROLE notification;
REVOKE SELECT ON notification.progress, notification.quarantine
    FROM validator, agency_matcher, statistics_aggregator;
RESET ROLE;
