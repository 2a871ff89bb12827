-- Filters and order are added by the one who asks: an index serves them only if they are plain.
SELECT task_id, account_id, queue_id, wish, created_at, state, next_try_at, tries_made,
       caller_tries_made, finish_result, finish_comment, finished_at, ready_at
FROM callback_task
WHERE queue_id = (
    SELECT queue_id FROM callback_queue WHERE queue_id = :queue_id AND account_id = :account_id
)
