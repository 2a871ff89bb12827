SELECT task_id, account_id, queue_id, wish, created_at, state, next_try_at, tries_made,
       caller_tries_made, finish_result, finish_comment, finished_at, ready_at
FROM callback_task
WHERE queue_id = :queue_id AND dedup_key = :dedup_key AND call_uuid IS NOT NULL
  AND (state <> 'finished' OR created_at >= :known_since)
ORDER BY created_at DESC, task_id DESC
LIMIT 1
