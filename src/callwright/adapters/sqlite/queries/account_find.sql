SELECT account_id, username, account_type, channels, maximum_cps FROM account
WHERE username_key = :username_key
