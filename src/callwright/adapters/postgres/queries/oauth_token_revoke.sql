DELETE FROM oauth_token WHERE code_hash = :code_hash
