DELETE FROM api_key WHERE account_id = :account_id
