UPDATE callback_task SET ready_at = coalesce(ready_at, next_try_at), next_try_at = :until
WHERE task_id = :task_id AND next_try_at IS NOT NULL
RETURNING task_id
