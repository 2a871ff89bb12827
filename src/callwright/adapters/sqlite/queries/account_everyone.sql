SELECT account_id, username, account_type, channels, maximum_cps FROM account ORDER BY username_key
