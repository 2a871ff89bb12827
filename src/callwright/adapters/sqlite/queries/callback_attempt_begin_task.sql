UPDATE callback_task SET state = 'executed', next_try_at = NULL, ready_at = NULL
WHERE task_id = :task_id AND next_try_at IS NOT NULL
RETURNING task_id
