SELECT count(*) FROM callback_event WHERE account_id = :account_id
