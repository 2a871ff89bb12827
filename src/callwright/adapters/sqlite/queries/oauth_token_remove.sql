DELETE FROM oauth_token WHERE token_hash = :token_hash
