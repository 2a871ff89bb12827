UPDATE oauth_code SET is_spent = 1 WHERE code_hash = :code_hash AND is_spent = 0
RETURNING code_hash
