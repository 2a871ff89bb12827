-- Services of two kinds that can be deleted, requests that are carried out once, starts that are
-- held by one boot of one node, caller IDs, features, and what is needed to forget.

-- Built anew: a name is to be free again when its service is deleted.
CREATE TABLE new_service (
    service_id     INTEGER PRIMARY KEY,
    account_id     INTEGER NOT NULL REFERENCES account,
    kind           TEXT NOT NULL CHECK (kind IN ('outbound', 'inbound')),
    name           TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    -- NULL once the service is deleted: its starts and records stay, its passwords don't.
    configuration  BLOB
) STRICT;
INSERT INTO new_service (service_id, account_id, kind, name, configuration)
SELECT service_id, account_id, 'outbound', name, configuration FROM service;
DROP TABLE service;
ALTER TABLE new_service RENAME TO service;
CREATE UNIQUE INDEX service_name ON service (account_id, kind, name)
WHERE configuration IS NOT NULL;
CREATE INDEX service_account ON service (account_id);

ALTER TABLE account ADD COLUMN guaranteed_cps REAL NOT NULL DEFAULT 0 CHECK (guaranteed_cps >= 0);
ALTER TABLE account ADD COLUMN validates_caller_ids INTEGER NOT NULL DEFAULT 1
CHECK (validates_caller_ids IN (0, 1));
-- A JSON array of leading digits.
ALTER TABLE account ADD COLUMN blocked_prefixes TEXT NOT NULL DEFAULT '[]'
CHECK (json_type(blocked_prefixes) = 'array');
-- Accounts made before the rule was there keep calling as they did.
UPDATE account SET validates_caller_ids = 0;

CREATE TABLE caller_id (
    account_id    INTEGER NOT NULL REFERENCES account,
    number        TEXT    NOT NULL,
    validated_at  REAL    NOT NULL,
    PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;

-- The latest of a number counts; the earlier ones are counted.
CREATE TABLE caller_id_trial (
    trial_id    INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES account,
    number      TEXT    NOT NULL,
    pin         TEXT    NOT NULL,
    began_at    REAL    NOT NULL,
    expires_at  REAL    NOT NULL
) STRICT;
CREATE INDEX caller_id_trial_number ON caller_id_trial (account_id, number, began_at);

-- A request with a unique_id. Its references follow from the first: their counters are
-- consecutive. It is forgotten with the last of its starts, so that a repeat is answered alike
-- as long as any of them is known.
CREATE TABLE request (
    request_id   INTEGER PRIMARY KEY,
    account_id   INTEGER NOT NULL REFERENCES account,
    unique_id    TEXT    NOT NULL,
    fingerprint  BLOB    NOT NULL,
    first_ref    TEXT    NOT NULL,
    start_count  INTEGER NOT NULL CHECK (start_count > 0),
    remaining    INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND start_count),
    UNIQUE (account_id, unique_id)
) STRICT;

-- Built anew: what each state has is asked in one place, so that a start that is queued, as a
-- thousand of one request are, answers one question and not ten.
CREATE TABLE new_call_start (
    start_id     INTEGER PRIMARY KEY,
    ref          TEXT    NOT NULL UNIQUE,
    account_id   INTEGER NOT NULL REFERENCES account,
    service_id   INTEGER NOT NULL REFERENCES service,
    seq          INTEGER NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'queued',
    payload      BLOB    NOT NULL,
    queued_at    REAL    NOT NULL,
    -- Of a request with a unique_id. No REFERENCES: it would be searched at each forgetting.
    request_id   INTEGER,
    -- The boot epoch of the node that claimed it, or took it over from a dead one; 0: nobody has
    -- yet. What another epoch holds is not ours to write.
    held_by      INTEGER NOT NULL DEFAULT 0,
    claimed_at   REAL,
    -- The intent: from here on the start is never dialled again.
    instance_id  TEXT,
    call_id      TEXT,
    dialled_at   REAL,
    answered_at  REAL,
    ended_at     REAL,
    exit_status  INTEGER,
    reason       TEXT,
    CHECK (CASE state
        WHEN 'queued' THEN
            coalesce(claimed_at, instance_id, call_id, dialled_at, answered_at,
                     ended_at, exit_status, reason) IS NULL
        WHEN 'running' THEN
            claimed_at IS NOT NULL
            AND (instance_id IS NULL) = (dialled_at IS NULL)
            AND (call_id IS NULL) = (dialled_at IS NULL)
            AND (answered_at IS NULL OR dialled_at IS NOT NULL)
            AND coalesce(ended_at, exit_status, reason) IS NULL
        WHEN 'completed' THEN
            claimed_at IS NOT NULL AND instance_id IS NOT NULL AND call_id IS NOT NULL
            AND dialled_at IS NOT NULL AND ended_at IS NOT NULL AND exit_status IS NOT NULL
            AND reason IS NULL
        WHEN 'couldnotrun' THEN
            claimed_at IS NOT NULL AND ended_at IS NOT NULL AND reason IS NOT NULL
            AND coalesce(instance_id, call_id, dialled_at, answered_at, exit_status) IS NULL
        WHEN 'cancelled' THEN
            ended_at IS NOT NULL
            AND coalesce(claimed_at, instance_id, call_id, dialled_at, answered_at,
                         exit_status, reason) IS NULL
        ELSE 0
    END)
) STRICT;
INSERT INTO new_call_start (
    start_id, ref, account_id, service_id, seq, state, payload, queued_at, claimed_at,
    instance_id, call_id, dialled_at, answered_at, ended_at, exit_status, reason
)
SELECT start_id, ref, account_id, service_id, seq, state, payload, queued_at, claimed_at,
       instance_id, call_id, dialled_at, answered_at, ended_at, exit_status, reason
FROM call_start;
DROP TABLE call_start;
ALTER TABLE new_call_start RENAME TO call_start;
-- Those in progress, a handful whatever the history: for settling the dead, and by instance.
CREATE UNIQUE INDEX call_start_running ON call_start (instance_id) WHERE state = 'running';
CREATE INDEX call_start_ended ON call_start (ended_at) WHERE ended_at IS NOT NULL;

-- Starts in progress by account, changed with each claim and each end.
CREATE TABLE account_progress (
    account_id   INTEGER PRIMARY KEY REFERENCES account,
    in_progress  INTEGER NOT NULL CHECK (in_progress >= 0)
) STRICT;
INSERT INTO account_progress (account_id, in_progress)
SELECT account_id, count(*) FROM call_start WHERE state = 'running' GROUP BY account_id;

ALTER TABLE adr ADD COLUMN tollfree_cost TEXT NOT NULL DEFAULT '0';
ALTER TABLE adr ADD COLUMN extra_cost TEXT NOT NULL DEFAULT '0';
ALTER TABLE adr ADD COLUMN feature_seconds REAL NOT NULL DEFAULT 0;
ALTER TABLE adr ADD COLUMN feature_cost TEXT NOT NULL DEFAULT '0';
CREATE INDEX adr_stopped ON adr (stopped_at);

CREATE TABLE fdr (
    instance_id        TEXT    NOT NULL REFERENCES adr,
    number             INTEGER NOT NULL CHECK (number >= 0),
    feature_id         TEXT    NOT NULL,
    audio_path         TEXT    NOT NULL CHECK (audio_path IN ('in', 'out', 'mixed', '')),
    feature_type       TEXT    NOT NULL,
    started_at         REAL    NOT NULL,
    stopped_at         REAL    NOT NULL,
    call_id            TEXT    NOT NULL,
    transaction_id     TEXT    NOT NULL,
    duration_for_cost  REAL    NOT NULL,
    unit_cost          TEXT    NOT NULL,
    cost               TEXT    NOT NULL,
    costs_valid        INTEGER NOT NULL CHECK (costs_valid IN (0, 1)),
    PRIMARY KEY (instance_id, number)
) STRICT, WITHOUT ROWID;
