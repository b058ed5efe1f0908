-- Who sent each file stays with its receipt: in Kafka it is gone after seven days. The `sub` of the token is a keyed hash,
-- the same for all files of a person; the name is sealed, bound to agency and submission, and may be missing.
SET ROLE gateway;
ALTER TABLE intake.receipt ADD COLUMN sub_hash text, ADD COLUMN sealed_name bytea;
RESET ROLE;
