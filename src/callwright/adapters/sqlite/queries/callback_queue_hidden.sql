SELECT queue_id FROM callback_queue WHERE account_id = :account_id AND is_hidden = 1
