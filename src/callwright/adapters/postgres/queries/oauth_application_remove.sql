DELETE FROM oauth_application WHERE key = :key AND account_id = :account_id
RETURNING key
