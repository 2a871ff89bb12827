-- What is left of the tasks of deleted queues.
DELETE FROM callback_task WHERE task_id IN (
    SELECT task_id FROM callback_task
    WHERE queue_id = ANY(ARRAY(SELECT queue_id FROM callback_queue WHERE is_deleted))
      AND state <> 'executed'
    LIMIT :limit
)
RETURNING task_id
