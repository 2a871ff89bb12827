DELETE FROM callback_task WHERE task_id IN (
    SELECT task_id FROM callback_task WHERE queue_id = :queue_id AND state <> 'executed'
    LIMIT :limit
)
RETURNING task_id
