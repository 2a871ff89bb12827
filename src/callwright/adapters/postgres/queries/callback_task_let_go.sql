UPDATE callback_task SET is_to_go = true, is_to_end = true
WHERE task_id = :task_id AND queue_id = :queue_id AND account_id = :account_id
  AND state = 'executed'
RETURNING task_id
