SELECT code_hash, account_id, application_key, redirect_uri, challenge, expires_at, is_spent
FROM oauth_code WHERE code_hash = :code_hash
