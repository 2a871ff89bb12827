-- How it is ordered is added by the one who asks.
SELECT queue_id, account_id, name, comment, is_on, concurrent_task_limit, interval_id, created_at
FROM callback_queue
WHERE account_id = :account_id AND NOT is_deleted AND NOT is_hidden
  AND (:is_on::boolean IS NULL OR is_on = :is_on) AND (:name::text IS NULL OR name = :name)
