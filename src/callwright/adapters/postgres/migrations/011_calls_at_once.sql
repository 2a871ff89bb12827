-- Callbacks at once: tasks of a queue of the account that nobody sees, whose call has its id before
-- it begins.
ALTER TABLE callback_queue ADD COLUMN is_hidden boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX callback_queue_hidden ON callback_queue (account_id) WHERE is_hidden;

ALTER TABLE callback_task
    ADD COLUMN call_uuid text COLLATE "C" CHECK (length(call_uuid) = 32);
CREATE UNIQUE INDEX callback_task_call ON callback_task (call_uuid) WHERE call_uuid IS NOT NULL;
