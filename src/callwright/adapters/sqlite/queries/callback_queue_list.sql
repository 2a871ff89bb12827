-- How it is ordered is added by the one who asks.
SELECT queue_id, account_id, name, comment, is_on, concurrent_task_limit, interval_id, created_at
FROM callback_queue
WHERE account_id = :account_id AND is_deleted = 0 AND is_hidden = 0
  AND (:is_on IS NULL OR is_on = :is_on) AND (:name IS NULL OR name = :name)
