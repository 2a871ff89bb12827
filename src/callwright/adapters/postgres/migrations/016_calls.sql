-- Calls that outlive their tasks: written when their attempts end.
CREATE TABLE callback_call (
    call_uuid     text COLLATE "C" PRIMARY KEY CHECK (length(call_uuid) = 32),
    account_id    bigint NOT NULL REFERENCES account,
    extension_id  bigint NOT NULL,
    b_number      text NOT NULL,
    started_at    double precision NOT NULL,
    ended_at      double precision NOT NULL,
    -- All that is printed of it, as JSON; what lists are filtered by stands beside it.
    content       bytea NOT NULL
);
CREATE INDEX callback_call_account ON callback_call (account_id, started_at, call_uuid);
CREATE INDEX callback_call_ended ON callback_call (ended_at);

-- Those that ended before there were records are read from their attempts, as those that go on.
ALTER TABLE callback_attempt ADD COLUMN has_record boolean NOT NULL DEFAULT false;
DROP INDEX callback_attempt_started;
CREATE INDEX callback_attempt_unwritten ON callback_attempt (started_at) WHERE NOT has_record;
