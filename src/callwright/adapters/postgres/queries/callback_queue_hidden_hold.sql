-- As `callback_queue_hold`, of the queue that nobody sees.
SELECT queue_id FROM callback_queue WHERE account_id = :account_id AND is_hidden
FOR NO KEY UPDATE
