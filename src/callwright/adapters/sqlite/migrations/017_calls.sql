-- Calls that outlive their tasks: written when their attempts end.
CREATE TABLE callback_call (
    call_uuid     TEXT    PRIMARY KEY CHECK (length(call_uuid) = 32),
    account_id    INTEGER NOT NULL REFERENCES account,
    extension_id  INTEGER NOT NULL,
    b_number      TEXT    NOT NULL,
    started_at    REAL    NOT NULL,
    ended_at      REAL    NOT NULL,
    -- All that is printed of it, as JSON; what lists are filtered by stands beside it.
    content       BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX callback_call_account ON callback_call (account_id, started_at, call_uuid);
CREATE INDEX callback_call_ended ON callback_call (ended_at);

-- Those that ended before there were records are read from their attempts, as those that go on.
ALTER TABLE callback_attempt ADD COLUMN has_record INTEGER NOT NULL DEFAULT 0
    CHECK (has_record IN (0, 1));
DROP INDEX callback_attempt_started;
CREATE INDEX callback_attempt_unwritten ON callback_attempt (started_at) WHERE has_record = 0;
