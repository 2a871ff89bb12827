-- Clients whose queues begin nothing for the moment, whatever their switches say.
CREATE TABLE client_pause (
    account_id  INTEGER PRIMARY KEY REFERENCES account,
    -- What the operator paused only he resumes.
    paused_by   TEXT NOT NULL CHECK (paused_by IN ('client', 'operator')),
    reason      TEXT NOT NULL,
    paused_at   REAL NOT NULL
) STRICT;
