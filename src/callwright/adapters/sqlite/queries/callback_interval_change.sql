UPDATE callback_interval SET name = :name, timezone = :timezone, conditions = :conditions
WHERE interval_id = :interval_id AND account_id = :account_id
RETURNING interval_id
