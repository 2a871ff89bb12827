-- Clients whose queues begin nothing for the moment, whatever their switches say.
CREATE TABLE client_pause (
    account_id  bigint PRIMARY KEY REFERENCES account,
    -- What the operator paused only he resumes.
    paused_by   text NOT NULL CHECK (paused_by IN ('client', 'operator')),
    reason      text NOT NULL,
    paused_at   double precision NOT NULL
);
