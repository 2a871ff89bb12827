-- How it is ordered is added by the one who asks.
SELECT task.task_id, task.account_id, task.queue_id, task.wish, task.created_at, task.state,
       task.next_try_at, task.tries_made, task.caller_tries_made, task.finish_result,
       task.finish_comment, task.finished_at, attempt.number
FROM callback_attempt AS attempt JOIN callback_task AS task USING (task_id)
WHERE attempt.started_at >= :start AND attempt.started_at < :end
  AND task.account_id = :account_id
  AND (:extension_id IS NULL OR task.extension_id = :extension_id)
  AND (:b_number IS NULL OR task.b_number = :b_number)
