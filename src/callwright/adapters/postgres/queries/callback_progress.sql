-- Each count walks an index of its own, and no task.
SELECT
    queue.queue_id,
    (
        SELECT count(*) FROM callback_task
        WHERE queue_id = queue.queue_id AND next_try_at > :at
    ),
    (
        SELECT count(*) FROM callback_task
        WHERE queue_id = queue.queue_id AND next_try_at <= :at
    ),
    (
        SELECT count(*) FROM callback_task
        WHERE queue_id = queue.queue_id AND state = 'executed'
    ),
    (
        SELECT count(*) FROM callback_task
        WHERE queue_id = queue.queue_id AND finish_result = 'success'
    ),
    (
        SELECT count(*) FROM callback_task
        WHERE queue_id = queue.queue_id AND finish_result = 'failed'
    )
FROM callback_queue AS queue
WHERE queue.account_id = :account_id AND NOT queue.is_deleted AND NOT queue.is_hidden
  AND (:queue_id::bigint IS NULL OR queue.queue_id = :queue_id)
ORDER BY queue.queue_id
