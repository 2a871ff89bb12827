-- Events that nobody took are kept for a while: they can be sent again by hand.
ALTER TABLE callback_event ADD COLUMN given_up_at REAL;
-- Of the last try that failed: the answer, and why there was none.
ALTER TABLE callback_event ADD COLUMN last_status INTEGER;
ALTER TABLE callback_event ADD COLUMN last_reason TEXT;

-- What is given up stands in nobody's way.
DROP INDEX callback_event_receiver;
CREATE INDEX callback_event_receiver ON callback_event (receiver, next_at, sequence)
WHERE given_up_at IS NULL;
DROP INDEX callback_event_task;
CREATE INDEX callback_event_task ON callback_event (task_id, sequence) WHERE given_up_at IS NULL;

CREATE INDEX callback_event_oldest ON callback_event (at) WHERE given_up_at IS NULL;
CREATE INDEX callback_event_account ON callback_event (account_id, sequence, given_up_at);
CREATE INDEX callback_event_given_up ON callback_event (account_id, sequence)
WHERE given_up_at IS NOT NULL;
CREATE INDEX callback_event_given_up_at ON callback_event (given_up_at)
WHERE given_up_at IS NOT NULL;
