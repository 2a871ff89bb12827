-- Those not returned came before; one that is being written just now is waited for. In ascending
-- order, so that nobody waits in a circle.
INSERT INTO request (account_id, unique_id, fingerprint, first_ref, start_count, remaining)
SELECT account_id, unique_id, fingerprint, first_ref, start_count, start_count
FROM unnest(
    :account_ids::bigint[], :unique_ids::text[], :fingerprints::bytea[], :first_refs::text[],
    :start_counts::integer[]
) AS asked (account_id, unique_id, fingerprint, first_ref, start_count)
ON CONFLICT (account_id, unique_id) DO NOTHING
RETURNING request_id, first_ref
