INSERT INTO oauth_token (token_hash, account_id, application_key, expires_at, is_refresh)
VALUES (:token_hash, :account_id, :application_key, :expires_at, :is_refresh)
