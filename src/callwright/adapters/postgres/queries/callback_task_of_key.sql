SELECT task_id, account_id, queue_id, wish, created_at, state, next_try_at, tries_made,
       caller_tries_made, finish_result, finish_comment, finished_at, ready_at
FROM callback_task
WHERE queue_id = :queue_id AND dedup_key = ANY(:dedup_keys::text[]) AND state <> 'finished'
