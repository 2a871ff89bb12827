SELECT task_id, wish FROM callback_task
WHERE task_id IN (SELECT value FROM json_each(:task_ids))
