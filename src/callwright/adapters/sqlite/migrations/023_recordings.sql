-- Recordings of callbacks: what the client's media files of them are. They outlive their calls.
CREATE TABLE callback_recording (
    record_uuid   TEXT    PRIMARY KEY CHECK (length(record_uuid) = 32),
    account_id    INTEGER NOT NULL REFERENCES account,
    call_uuid     TEXT    NOT NULL UNIQUE CHECK (length(call_uuid) = 32),
    extension_id  INTEGER NOT NULL,
    began_at      REAL    NOT NULL,
    filename      TEXT    NOT NULL,
    size_bytes    INTEGER NOT NULL CHECK (size_bytes > 0),
    duration      REAL    NOT NULL CHECK (duration >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX callback_recording_account ON callback_recording (account_id, began_at, record_uuid);

ALTER TABLE extension ADD COLUMN records_calls INTEGER NOT NULL DEFAULT 0
    CHECK (records_calls IN (0, 1));
