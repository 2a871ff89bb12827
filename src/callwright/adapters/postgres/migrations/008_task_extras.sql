-- Tasks that go first, that expire, and that are there once.
ALTER TABLE callback_task
    ADD COLUMN priority integer NOT NULL DEFAULT 0 CHECK (priority BETWEEN -100 AND 100),
    -- Until when it may begin; NULL for ever.
    ADD COLUMN deadline_at double precision,
    -- What the client knows it by; of one unfinished task of a queue at most.
    ADD COLUMN dedup_key text COLLATE "C";

-- What waits, by priority, in the order in which it is due.
CREATE INDEX callback_task_priority ON callback_task (queue_id, priority, next_try_at, task_id)
WHERE next_try_at IS NOT NULL;
CREATE INDEX callback_task_deadline ON callback_task (deadline_at)
WHERE deadline_at IS NOT NULL AND next_try_at IS NOT NULL;
CREATE UNIQUE INDEX callback_task_key ON callback_task (queue_id, dedup_key)
WHERE dedup_key IS NOT NULL AND state <> 'finished';
