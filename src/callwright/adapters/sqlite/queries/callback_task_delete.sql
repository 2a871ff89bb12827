DELETE FROM callback_task
WHERE task_id = :task_id AND queue_id = :queue_id AND account_id = :account_id
  AND state <> 'executed'
RETURNING task_id
