UPDATE oauth_code SET is_spent = true WHERE code_hash = :code_hash AND NOT is_spent
RETURNING code_hash
