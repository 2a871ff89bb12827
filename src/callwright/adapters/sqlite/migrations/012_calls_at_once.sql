-- Callbacks at once: tasks of a queue of the account that nobody sees, whose call has its id before
-- it begins.
ALTER TABLE callback_queue ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0
    CHECK (is_hidden IN (0, 1));
CREATE UNIQUE INDEX callback_queue_hidden ON callback_queue (account_id) WHERE is_hidden = 1;

ALTER TABLE callback_task ADD COLUMN call_uuid TEXT CHECK (length(call_uuid) = 32);
CREATE UNIQUE INDEX callback_task_call ON callback_task (call_uuid) WHERE call_uuid IS NOT NULL;
