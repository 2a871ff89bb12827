-- A task that is deleted by force, whichever node has its call.
ALTER TABLE callback_task ADD COLUMN is_to_end INTEGER NOT NULL DEFAULT 0;
CREATE INDEX callback_task_to_end ON callback_task (task_id) WHERE is_to_end;
