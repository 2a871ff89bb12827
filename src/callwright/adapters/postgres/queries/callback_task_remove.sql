DELETE FROM callback_task WHERE task_id = :task_id AND is_to_go
RETURNING queue_id
