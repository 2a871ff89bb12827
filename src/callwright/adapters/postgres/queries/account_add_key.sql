INSERT INTO api_key (account_id, key_hash) VALUES (:account_id, :key_hash)
