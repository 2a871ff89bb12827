UPDATE callback_task SET is_to_go = 1, is_to_end = 1
WHERE task_id = :task_id AND queue_id = :queue_id AND account_id = :account_id
  AND state = 'executed'
RETURNING task_id
