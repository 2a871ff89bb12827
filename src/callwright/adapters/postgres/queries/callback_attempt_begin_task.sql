UPDATE callback_task SET state = 'executed', next_try_at = NULL, ready_at = NULL
WHERE task_id = ANY(:task_ids::bigint[]) AND next_try_at IS NOT NULL
  AND EXISTS (
      SELECT 1 FROM callback_queue AS queue
      WHERE queue.queue_id = callback_task.queue_id AND NOT queue.is_deleted
  )
RETURNING task_id
