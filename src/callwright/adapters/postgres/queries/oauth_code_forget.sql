DELETE FROM oauth_code WHERE code_hash IN (
    SELECT code_hash FROM oauth_code WHERE expires_at < :expired_before
    ORDER BY expires_at LIMIT :limit
)
RETURNING code_hash
