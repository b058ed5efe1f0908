-- What the query service needs beside the owners' tables: lists that run over many agencies, newest first.
SET ROLE gateway;
CREATE INDEX receipt_by_time ON intake.receipt (received_at DESC, submission_id DESC);
RESET ROLE;
SET ROLE validator;
CREATE INDEX finding_by_time ON validation.finding (received_at DESC, submission_id DESC);
RESET ROLE;
SET ROLE agency_matcher;
CREATE INDEX finding_by_time ON matching.finding (received_at DESC, submission_id DESC);
CREATE INDEX noted_by_time ON matching.noted (received_at DESC, submission_id DESC);
RESET ROLE;
