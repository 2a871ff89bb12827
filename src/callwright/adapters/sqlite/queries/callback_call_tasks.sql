SELECT task_id, account_id, queue_id, wish, created_at, state, next_try_at, tries_made,
       caller_tries_made, finish_result, finish_comment, finished_at, ready_at
FROM callback_task
WHERE task_id IN (SELECT value FROM json_each(:task_ids))
