-- Records of a file are shown to the agency that sent it, and a check may be compared with what is stored. The query
-- service hands over the sealed file, which it cannot open, and the last lines of identities, which are keyed hashes.
SET ROLE validator;
GRANT SELECT ON validation.archive TO query;
RESET ROLE;
SET ROLE agency_matcher;
GRANT SELECT (agency, submissions, prefix, owner) ON matching.identity_prefix TO query;
GRANT SELECT (submission_id, outcome, identity, token, content, revision) ON matching.file_record TO query;
RESET ROLE;
