-- In order, so that nobody who holds several waits for another who does.
SELECT task_id, wish FROM callback_task WHERE task_id = ANY(:task_ids::bigint[])
ORDER BY task_id
FOR UPDATE
