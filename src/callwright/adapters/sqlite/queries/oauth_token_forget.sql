DELETE FROM oauth_token WHERE token_hash IN (
    SELECT token_hash FROM oauth_token WHERE expires_at < :expired_before
    ORDER BY expires_at LIMIT :limit
)
RETURNING token_hash
