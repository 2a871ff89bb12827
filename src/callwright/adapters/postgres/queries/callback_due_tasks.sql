-- One look at the index for each priority there is, the highest first: what waits for later is not
-- walked through, however much it is and whatever its priority.
WITH RECURSIVE level (priority) AS (
    SELECT max(priority) FROM callback_task
    WHERE queue_id = :queue_id AND next_try_at IS NOT NULL
    UNION ALL
    SELECT (
        SELECT max(below.priority) FROM callback_task AS below
        WHERE below.queue_id = :queue_id AND below.next_try_at IS NOT NULL
          AND below.priority < level.priority
    )
    FROM level WHERE level.priority IS NOT NULL
)
SELECT task.task_id, task.account_id, task.queue_id, task.wish, task.created_at, task.state,
       task.next_try_at, task.tries_made, task.caller_tries_made, task.finish_result,
       task.finish_comment, task.finished_at, task.ready_at
FROM level CROSS JOIN LATERAL (
    SELECT * FROM callback_task AS due
    WHERE due.queue_id = :queue_id AND due.priority = level.priority AND due.next_try_at <= :at
      AND due.extension_id <> ALL(:held::bigint[])
    ORDER BY due.next_try_at, due.task_id
    LIMIT :limit
) AS task
ORDER BY task.priority DESC, task.next_try_at, task.task_id
LIMIT :limit
