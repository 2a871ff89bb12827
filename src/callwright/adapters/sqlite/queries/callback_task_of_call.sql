-- By the call of an attempt, or by one that was named before it began.
SELECT task.task_id, task.account_id, task.queue_id, task.wish, task.created_at, task.state,
       task.next_try_at, task.tries_made, task.caller_tries_made, task.finish_result,
       task.finish_comment, task.finished_at, task.ready_at
FROM callback_task AS task
WHERE task.account_id = :account_id AND task.task_id = coalesce(
    (SELECT attempt.task_id FROM callback_attempt AS attempt WHERE attempt.call_uuid = :call_uuid),
    (SELECT named.task_id FROM callback_task AS named WHERE named.call_uuid = :call_uuid)
)
