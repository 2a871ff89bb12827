INSERT INTO request (account_id, unique_id, fingerprint, first_ref, start_count, remaining)
VALUES (:account_id, :unique_id, :fingerprint, :first_ref, :start_count, :start_count)
RETURNING request_id
