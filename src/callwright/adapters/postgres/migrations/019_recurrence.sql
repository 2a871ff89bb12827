-- Series of tasks: the first one's id, which it has not itself, and which one this is.
ALTER TABLE callback_task
    ADD COLUMN recurrence_id bigint,
    ADD COLUMN occurrence bigint CHECK (occurrence > 0);

-- Each is there once.
CREATE UNIQUE INDEX callback_task_series ON callback_task (recurrence_id, occurrence)
WHERE recurrence_id IS NOT NULL;
