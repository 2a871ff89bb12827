SELECT queue_id, account_id, name, comment, is_on, concurrent_task_limit, interval_id, created_at
FROM callback_queue
WHERE queue_id = :queue_id AND account_id = :account_id AND is_deleted = 0 AND is_hidden = 0
