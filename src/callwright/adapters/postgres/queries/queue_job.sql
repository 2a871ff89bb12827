SELECT fingerprint, first_ref, start_count FROM request
WHERE account_id = :account_id AND unique_id = :unique_id
