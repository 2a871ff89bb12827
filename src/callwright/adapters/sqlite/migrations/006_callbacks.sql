-- Callbacks: their queues, calling windows, extensions, tasks, attempts and events, and the
-- programs that may ask for tokens.

-- Built anew: a third kind, behind a callback queue, which is nobody's to see.
CREATE TABLE new_service (
    service_id     INTEGER PRIMARY KEY,
    account_id     INTEGER NOT NULL REFERENCES account,
    kind           TEXT NOT NULL CHECK (kind IN ('outbound', 'inbound', 'callback')),
    name           TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    -- NULL once the service is deleted: its starts and records stay, its passwords don't.
    configuration  BLOB
) STRICT;
INSERT INTO new_service (service_id, account_id, kind, name, configuration)
SELECT service_id, account_id, kind, name, configuration FROM service;
DROP TABLE service;
ALTER TABLE new_service RENAME TO service;
CREATE UNIQUE INDEX service_name ON service (account_id, kind, name)
WHERE configuration IS NOT NULL;
CREATE INDEX service_account ON service (account_id);
CREATE UNIQUE INDEX service_called ON service (name)
WHERE kind = 'inbound' AND configuration IS NOT NULL AND name GLOB '*[^0-9]*';

CREATE TABLE callback_interval (
    interval_id  INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   INTEGER NOT NULL REFERENCES account,
    name         TEXT    NOT NULL,
    timezone     TEXT    NOT NULL,
    -- As JSON.
    conditions   BLOB    NOT NULL
) STRICT;
CREATE INDEX callback_interval_account ON callback_interval (account_id);

CREATE TABLE extension (
    extension_id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id        INTEGER NOT NULL REFERENCES account,
    number            TEXT    NOT NULL,
    label             TEXT    NOT NULL,
    caller_id_name    TEXT    NOT NULL,
    caller_id_number  TEXT    NOT NULL,
    -- What calls to it call: any destination of `service_start`; empty for none.
    destination       TEXT    NOT NULL,
    is_blocked        INTEGER NOT NULL CHECK (is_blocked IN (0, 1)),
    created_at        REAL    NOT NULL,
    UNIQUE (account_id, number)
) STRICT;

CREATE TABLE callback_queue (
    queue_id               INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id             INTEGER NOT NULL REFERENCES account,
    -- Its attempts are starts of this one.
    service_id             INTEGER NOT NULL REFERENCES service,
    name                   TEXT    NOT NULL,
    comment                TEXT    NOT NULL,
    is_on                  INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    concurrent_task_limit  INTEGER NOT NULL CHECK (concurrent_task_limit > 0),
    interval_id            INTEGER REFERENCES callback_interval,
    created_at             REAL    NOT NULL,
    -- Deleted, but an attempt of it still runs.
    is_deleted             INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;
CREATE INDEX callback_queue_account ON callback_queue (account_id, queue_id);
CREATE INDEX callback_queue_on ON callback_queue (queue_id) WHERE is_on = 1;
CREATE INDEX callback_queue_interval ON callback_queue (interval_id)
WHERE interval_id IS NOT NULL;

-- An id is never used again, whatever was deleted.
CREATE TABLE callback_task (
    task_id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id         INTEGER NOT NULL REFERENCES account,
    queue_id           INTEGER NOT NULL REFERENCES callback_queue,
    -- What the client asked for, as JSON; what lists are filtered by stands beside it.
    wish               BLOB    NOT NULL,
    name               TEXT    NOT NULL,
    a_number           TEXT    NOT NULL,
    b_number           TEXT    NOT NULL,
    extension_id       INTEGER NOT NULL,
    starts_at          REAL    NOT NULL,
    created_at         REAL    NOT NULL,
    state              TEXT    NOT NULL DEFAULT 'scheduled'
        CHECK (state IN ('scheduled', 'executed', 'delayed', 'finished')),
    next_try_at        REAL,
    tries_made         INTEGER NOT NULL DEFAULT 0,
    caller_tries_made  INTEGER NOT NULL DEFAULT 0,
    finish_result      TEXT CHECK (finish_result IN ('success', 'failed')),
    finish_comment     TEXT    NOT NULL DEFAULT '',
    finished_at        REAL,
    -- Removed when its attempt has ended, which is the last.
    is_to_go           INTEGER NOT NULL DEFAULT 0 CHECK (is_to_go IN (0, 1)),
    CHECK ((next_try_at IS NOT NULL) = (state IN ('scheduled', 'delayed'))),
    CHECK ((finished_at IS NOT NULL) = (state = 'finished')),
    CHECK ((finish_result IS NOT NULL) = (state = 'finished'))
) STRICT;
CREATE INDEX callback_task_queue ON callback_task (queue_id, task_id);
-- What waits, in the order in which it is due.
CREATE INDEX callback_task_waiting ON callback_task (queue_id, next_try_at, task_id)
WHERE next_try_at IS NOT NULL;
CREATE INDEX callback_task_executed ON callback_task (queue_id) WHERE state = 'executed';
CREATE INDEX callback_task_finished ON callback_task (finished_at)
WHERE finished_at IS NOT NULL;

CREATE TABLE callback_attempt (
    task_id     INTEGER NOT NULL REFERENCES callback_task ON DELETE CASCADE,
    number      INTEGER NOT NULL CHECK (number > 0),
    call_uuid   TEXT    NOT NULL UNIQUE CHECK (length(call_uuid) = 32),
    started_at  REAL    NOT NULL,
    src_ani     TEXT,
    dst_ani     TEXT,
    -- The start that carries it out.
    ref         TEXT,
    joined_at   REAL,
    a_answered  TEXT,
    ended_at    REAL,
    outcome     TEXT,
    PRIMARY KEY (task_id, number),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

-- Events that wait to be told. They outlive their task.
CREATE TABLE callback_event (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id    TEXT    NOT NULL UNIQUE,
    task_id     INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    url         TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    body        BLOB    NOT NULL,
    at          REAL    NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    next_at     REAL    NOT NULL
) STRICT;
CREATE INDEX callback_event_next ON callback_event (next_at);
CREATE INDEX callback_event_task ON callback_event (task_id, sequence);

CREATE TABLE oauth_application (
    key           TEXT    PRIMARY KEY,
    secret_hash   BLOB    NOT NULL,
    account_id    INTEGER NOT NULL REFERENCES account,
    name          TEXT    NOT NULL,
    -- A JSON array.
    grants        TEXT    NOT NULL,
    redirect_uri  TEXT    NOT NULL,
    may_schedule  INTEGER NOT NULL CHECK (may_schedule IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_application_account ON oauth_application (account_id, name);

CREATE TABLE oauth_token (
    token_hash       BLOB    PRIMARY KEY,
    account_id       INTEGER NOT NULL REFERENCES account,
    application_key  TEXT    NOT NULL REFERENCES oauth_application ON DELETE CASCADE,
    expires_at       REAL    NOT NULL,
    is_refresh       INTEGER NOT NULL CHECK (is_refresh IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_token_application ON oauth_token (application_key);
CREATE INDEX oauth_token_expires ON oauth_token (expires_at);
