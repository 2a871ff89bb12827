INSERT INTO oauth_code (
    code_hash, account_id, application_key, redirect_uri, challenge, expires_at
)
VALUES (:code_hash, :account_id, :application_key, :redirect_uri, :challenge, :expires_at)
