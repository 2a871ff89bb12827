SELECT account_id, username, account_type, channels, maximum_cps FROM account
WHERE account_id = :account_id
