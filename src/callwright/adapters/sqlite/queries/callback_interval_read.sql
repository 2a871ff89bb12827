SELECT interval_id, account_id, name, timezone, conditions FROM callback_interval
WHERE interval_id = :interval_id AND account_id = :account_id
