INSERT INTO callback_interval (account_id, name, timezone, conditions)
VALUES (:account_id, :name, :timezone, :conditions)
RETURNING interval_id
