SELECT token_hash, account_id, application_key, expires_at, is_refresh, code_hash
FROM oauth_token WHERE token_hash = :token_hash
