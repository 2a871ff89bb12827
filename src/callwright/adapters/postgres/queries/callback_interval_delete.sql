DELETE FROM callback_interval WHERE interval_id = :interval_id AND account_id = :account_id
RETURNING interval_id
