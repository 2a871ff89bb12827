SELECT task.task_id, task.account_id, task.queue_id, task.wish, task.created_at, task.state,
       task.next_try_at, task.tries_made, task.caller_tries_made, task.finish_result,
       task.finish_comment, task.finished_at
FROM callback_attempt AS attempt JOIN callback_task AS task USING (task_id)
WHERE attempt.call_uuid = :call_uuid AND task.account_id = :account_id
