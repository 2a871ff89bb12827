DELETE FROM reservation WHERE account_id = :account_id AND name = :name RETURNING name
