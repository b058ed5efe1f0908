-- Uploads of agencies, and the version that every write moves.

-- name: lock_version
-- Until the transaction ends, so that writers come one after the other.
SELECT version
FROM registry.version
FOR UPDATE;

-- name: move_version
UPDATE registry.version
SET version = version + 1;

-- name: write_agency_versions
-- In arrays of text, '' where there is none: $1 code, $2 effective on, $3 name, $4 supervising
-- agency, $5 established on, $6 abolished on, $7 successor, $8 exempt from, $9 exempt to, $10
-- mail address.
INSERT INTO registry.agency_version
    (org_code, effective_on, name, supervising_org_code, established_on, abolished_on,
     successor_org_code, exempt_from, exempt_to, contact_email)
SELECT code, effective_on::date, name, NULLIF(supervising, ''), NULLIF(established_on, '')::date,
       NULLIF(abolished_on, '')::date, NULLIF(successor, ''), NULLIF(exempt_from, '')::date,
       NULLIF(exempt_to, '')::date, NULLIF(email, '')
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::text[], $9::text[], $10::text[])
     AS v(code, effective_on, name, supervising, established_on, abolished_on, successor,
          exempt_from, exempt_to, email)
ON CONFLICT (org_code, effective_on) DO UPDATE
SET name = excluded.name,
    supervising_org_code = excluded.supervising_org_code,
    established_on = excluded.established_on,
    abolished_on = excluded.abolished_on,
    successor_org_code = excluded.successor_org_code,
    exempt_from = excluded.exempt_from,
    exempt_to = excluded.exempt_to,
    contact_email = excluded.contact_email;
