-- What is stored of an agency's identities, for the query service: with it a file is compared
-- before it is sent.

-- name: identity_places
-- Which files of the agency $1 may hold an identity.
SELECT submissions, prefix, owner FROM matching.identity_prefix WHERE agency = $1::text;

-- name: heads_of_files
-- Of the submissions $1 the columns of which heads are made.
SELECT outcome, identity, token, content, revision
FROM matching.file_record
WHERE submission_id = ANY($1::uuid[]);
