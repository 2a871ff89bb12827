-- How many tasks of a queue ended how, for those who watch it.
CREATE INDEX callback_task_result ON callback_task (queue_id, finish_result)
WHERE finish_result IS NOT NULL;
