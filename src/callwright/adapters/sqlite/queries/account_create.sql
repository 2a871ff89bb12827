INSERT INTO account (username, username_key, account_type, channels, maximum_cps)
VALUES (:username, :username_key, :account_type, :channels, :maximum_cps)
ON CONFLICT (username_key) DO NOTHING
RETURNING account_id
