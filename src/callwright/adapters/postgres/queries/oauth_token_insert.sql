INSERT INTO oauth_token (
    token_hash, account_id, application_key, expires_at, is_refresh, code_hash
)
VALUES (:token_hash, :account_id, :application_key, :expires_at, :is_refresh, :code_hash)
