-- Accounts, services, the queue and the records of ended instances.
-- Times are seconds since 1970 UTC, money is decimal text in US dollars.

CREATE TABLE node (
    only_row    INTEGER PRIMARY KEY CHECK (only_row = 1),
    node_hex    TEXT    NOT NULL CHECK (length(node_hex) = 8),
    boot_epoch  INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    account_id    INTEGER PRIMARY KEY,
    username      TEXT NOT NULL,
    -- Usernames are compared without regard to case, in every script: folded by us, not by SQLite.
    username_key  TEXT NOT NULL UNIQUE,
    account_type  TEXT NOT NULL CHECK (account_type IN ('developer', 'production', 'premium')),
    channels      INTEGER NOT NULL CHECK (channels > 0),
    maximum_cps   REAL NOT NULL CHECK (maximum_cps > 0)
) STRICT;

CREATE TABLE api_key (
    account_id  INTEGER NOT NULL REFERENCES account,
    key_hash    BLOB    NOT NULL CHECK (length(key_hash) = 32),
    PRIMARY KEY (account_id, key_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE service (
    service_id     INTEGER PRIMARY KEY,
    account_id     INTEGER NOT NULL REFERENCES account,
    name           TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    configuration  BLOB NOT NULL,
    UNIQUE (account_id, name)
) STRICT;

-- Written by acceptance alone: hands out the numbers of a service's starts without a gap.
CREATE TABLE queue_tail (
    service_id  INTEGER PRIMARY KEY REFERENCES service,
    tail_seq    INTEGER NOT NULL CHECK (tail_seq > 0)
) STRICT;

-- Written by claim, release and cancel. length = tail_seq - taken - cancelled.
CREATE TABLE queue_head (
    service_id  INTEGER PRIMARY KEY REFERENCES service,
    -- Nothing at or below this number is ready, so a claim never walks over what others took.
    head_seq    INTEGER NOT NULL DEFAULT 0 CHECK (head_seq >= 0),
    taken       INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0),
    cancelled   INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0)
) STRICT;

-- What waits, in order and nothing else: narrow, so that a claim costs the same at any length.
CREATE TABLE ready (
    service_id  INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    start_id    INTEGER NOT NULL,
    PRIMARY KEY (service_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE call_start (
    start_id     INTEGER PRIMARY KEY,
    ref          TEXT    NOT NULL UNIQUE,
    account_id   INTEGER NOT NULL REFERENCES account,
    service_id   INTEGER NOT NULL REFERENCES service,
    seq          INTEGER NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'queued',
    payload      BLOB    NOT NULL,
    queued_at    REAL    NOT NULL,
    claimed_at   REAL,
    -- The intent: from here on the start is never dialled again.
    instance_id  TEXT,
    call_id      TEXT,
    dialled_at   REAL,
    answered_at  REAL,
    ended_at     REAL,
    exit_status  INTEGER,
    reason       TEXT,
    CHECK (state IN ('queued', 'running', 'completed', 'couldnotrun', 'cancelled')),
    CHECK ((state = 'completed')   = (exit_status IS NOT NULL)),
    CHECK ((state = 'couldnotrun') = (reason IS NOT NULL)),
    CHECK ((state IN ('queued', 'running')) = (ended_at IS NULL)),
    CHECK ((state IN ('running', 'completed', 'couldnotrun')) = (claimed_at IS NOT NULL)),
    CHECK ((instance_id IS NULL) = (dialled_at IS NULL)),
    CHECK ((instance_id IS NULL) = (call_id IS NULL)),
    CHECK (dialled_at IS NULL OR state IN ('running', 'completed')),
    CHECK (answered_at IS NULL OR dialled_at IS NOT NULL)
) STRICT;

-- Those in progress, a handful whatever the history: for rescue after a crash, and by instance.
CREATE UNIQUE INDEX call_start_running ON call_start (instance_id) WHERE state = 'running';

CREATE TABLE adr (
    instance_id             TEXT    PRIMARY KEY,
    account_id              INTEGER NOT NULL REFERENCES account,
    ref                     TEXT,
    application_name        TEXT    NOT NULL,
    started_at              REAL    NOT NULL,
    stopped_at              REAL    NOT NULL,
    exit_status             INTEGER NOT NULL,
    outbound_parameters     TEXT    NOT NULL,
    application_parameters  TEXT    NOT NULL,
    extra_channel_count     INTEGER NOT NULL,
    fax                     INTEGER NOT NULL CHECK (fax IN (0, 1)),
    rest_log_filename       TEXT    NOT NULL,
    rest_to                 TEXT    NOT NULL,
    rest_from               TEXT    NOT NULL,
    rest_initial_token      TEXT    NOT NULL,
    uas_ip_address          TEXT    NOT NULL,
    uas_name                TEXT    NOT NULL,
    tts_seconds             REAL    NOT NULL,
    tts_neural_seconds      REAL    NOT NULL,
    platform_cost           TEXT    NOT NULL,
    pstn_cost               TEXT    NOT NULL,
    tts_unit_cost           TEXT    NOT NULL,
    tts_cost                TEXT    NOT NULL,
    tts_neural_unit_cost    TEXT    NOT NULL,
    tts_neural_cost         TEXT    NOT NULL
) STRICT;

CREATE TABLE cdr (
    instance_id          TEXT    NOT NULL REFERENCES adr,
    number               INTEGER NOT NULL CHECK (number >= 0),
    call_id              TEXT    NOT NULL UNIQUE,
    destination_address  TEXT    NOT NULL,
    originating_address  TEXT    NOT NULL,
    direction            TEXT    NOT NULL CHECK (direction IN ('in', 'out', 'client')),
    channel_type         TEXT    NOT NULL CHECK (channel_type IN ('p', 'x', 'ca', 'cv')),
    initiated_at         REAL    NOT NULL,
    connected_at         REAL,
    hung_up_at           REAL    NOT NULL,
    joined               REAL    NOT NULL,
    hangup_cause         TEXT    NOT NULL,
    call_cause           TEXT    NOT NULL,
    raw_cause            INTEGER NOT NULL,
    cost                 TEXT    NOT NULL,
    costs_valid          INTEGER NOT NULL CHECK (costs_valid IN (0, 1)),
    PRIMARY KEY (instance_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE err (
    instance_id  TEXT    NOT NULL REFERENCES adr,
    number       INTEGER NOT NULL CHECK (number >= 0),
    code         TEXT    NOT NULL CHECK (length(code) = 4),
    text         TEXT    NOT NULL,
    PRIMARY KEY (instance_id, number)
) STRICT, WITHOUT ROWID;
