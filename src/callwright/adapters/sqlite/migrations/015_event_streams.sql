-- How an event is told, and what it is told in order with: its task, or a call and a receiver.
ALTER TABLE callback_event ADD COLUMN telling TEXT NOT NULL DEFAULT 'as set'
    CHECK (telling IN ('as set', 'form post', 'form get'));
-- The call that it is about; empty: it is about its task.
ALTER TABLE callback_event ADD COLUMN of_call TEXT NOT NULL DEFAULT '';
ALTER TABLE callback_event ADD COLUMN stream TEXT NOT NULL DEFAULT '';
UPDATE callback_event SET stream = 'task ' || task_id;
DROP INDEX callback_event_task;
CREATE INDEX callback_event_stream ON callback_event (stream, sequence)
WHERE given_up_at IS NULL;

-- Who wants to be told of an extension's calls.
CREATE TABLE extension_event (
    registration_id  INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id       INTEGER NOT NULL REFERENCES account,
    extension_id     INTEGER NOT NULL REFERENCES extension ON DELETE CASCADE,
    event            TEXT    NOT NULL CHECK (event IN (
        'dial-in', 'dial-out', 'answer', 'hangup', 'message-in', 'message-out', 'voicemail'
    )),
    url              TEXT    NOT NULL,
    method           TEXT    NOT NULL CHECK (method IN ('GET', 'POST'))
) STRICT;
CREATE INDEX extension_event_extension ON extension_event (extension_id, registration_id);
