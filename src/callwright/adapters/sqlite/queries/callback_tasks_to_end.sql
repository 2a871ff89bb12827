SELECT task_id FROM callback_task WHERE is_to_end ORDER BY task_id
