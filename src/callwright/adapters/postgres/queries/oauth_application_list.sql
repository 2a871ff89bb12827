SELECT key, secret_hash, account_id, name, grants, redirect_uri, may_schedule
FROM oauth_application WHERE account_id = :account_id
ORDER BY name, key
