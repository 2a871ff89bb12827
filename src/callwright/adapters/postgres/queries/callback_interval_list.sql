SELECT interval_id, account_id, name, timezone, conditions FROM callback_interval
WHERE account_id = :account_id
ORDER BY interval_id
