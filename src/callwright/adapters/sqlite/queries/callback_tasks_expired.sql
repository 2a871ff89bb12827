SELECT task_id, account_id, queue_id, wish, created_at, state, next_try_at, tries_made,
       caller_tries_made, finish_result, finish_comment, finished_at, ready_at
FROM callback_task
WHERE deadline_at <= :at AND next_try_at IS NOT NULL
  AND account_id % 256 IN (SELECT value FROM json_each(:shards))
  AND EXISTS (
      SELECT 1 FROM callback_queue AS queue
      WHERE queue.queue_id = callback_task.queue_id AND queue.is_deleted = 0
  )
ORDER BY deadline_at
LIMIT :limit
