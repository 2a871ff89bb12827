DELETE FROM callback_task WHERE task_id IN (
    SELECT task_id FROM callback_task WHERE finished_at < :finished_before
    ORDER BY finished_at LIMIT :limit
)
RETURNING task_id
