-- Recordings of callbacks: what the client's media files of them are. They outlive their calls.
CREATE TABLE callback_recording (
    record_uuid   text COLLATE "C" PRIMARY KEY CHECK (length(record_uuid) = 32),
    account_id    bigint NOT NULL REFERENCES account,
    call_uuid     text COLLATE "C" NOT NULL UNIQUE CHECK (length(call_uuid) = 32),
    extension_id  bigint NOT NULL,
    began_at      double precision NOT NULL,
    filename      text NOT NULL,
    size_bytes    bigint NOT NULL CHECK (size_bytes > 0),
    duration      double precision NOT NULL CHECK (duration >= 0)
);
CREATE INDEX callback_recording_account ON callback_recording (account_id, began_at, record_uuid);

ALTER TABLE extension ADD COLUMN records_calls boolean NOT NULL DEFAULT false;
