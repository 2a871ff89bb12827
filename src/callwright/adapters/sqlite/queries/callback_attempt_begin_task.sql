UPDATE callback_task SET state = 'executed', next_try_at = NULL, ready_at = NULL
WHERE task_id = :task_id AND next_try_at IS NOT NULL
  AND EXISTS (
      SELECT 1 FROM callback_queue AS queue
      WHERE queue.queue_id = callback_task.queue_id AND queue.is_deleted = 0
  )
RETURNING task_id
