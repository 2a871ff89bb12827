-- Everything that the SQLite store has after its migration 002, and what several nodes need.
-- Times of calls are seconds since 1970 UTC, by the clock of the node that wrote them; times of
-- leases are the database's own. Money is a decimal number of US dollars.

-- Hands out boot epochs. Locked by whoever begins, renews or resigns: one node at a time.
CREATE TABLE node_epoch (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    last_epoch  bigint NOT NULL
);
INSERT INTO node_epoch (last_epoch) VALUES (0);

-- One row a node, of its latest start. Who is not here, or expired, is dead.
CREATE TABLE node (
    boot_epoch  bigint PRIMARY KEY CHECK (boot_epoch > 0),
    node_hex    text COLLATE "C" NOT NULL UNIQUE CHECK (length(node_hex) = 8),
    expires_at  timestamptz NOT NULL
) WITH (fillfactor = 30);

-- Who dispatches for which accounts: one row a shard, ours for as long as our node lives.
CREATE TABLE shard_lease (
    shard       integer PRIMARY KEY CHECK (shard BETWEEN 0 AND 255),
    boot_epoch  bigint
) WITH (fillfactor = 30);
INSERT INTO shard_lease (shard) SELECT generate_series(0, 255);

CREATE TABLE account (
    account_id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username              text NOT NULL,
    -- Usernames are compared without regard to case, in every script: folded by us.
    username_key          text COLLATE "C" NOT NULL UNIQUE,
    account_type          text NOT NULL
        CHECK (account_type IN ('developer', 'production', 'premium')),
    channels              integer NOT NULL CHECK (channels > 0),
    maximum_cps           double precision NOT NULL CHECK (maximum_cps > 0),
    guaranteed_cps        double precision NOT NULL CHECK (guaranteed_cps >= 0),
    validates_caller_ids  boolean NOT NULL DEFAULT true,
    -- Leading digits.
    blocked_prefixes      text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE api_key (
    account_id  bigint NOT NULL REFERENCES account,
    key_hash    bytea  NOT NULL CHECK (length(key_hash) = 32),
    PRIMARY KEY (account_id, key_hash)
);

CREATE TABLE caller_id (
    account_id    bigint NOT NULL REFERENCES account,
    number        text COLLATE "C" NOT NULL,
    validated_at  double precision NOT NULL,
    PRIMARY KEY (account_id, number)
);

-- The latest of a number counts; the earlier ones are counted.
CREATE TABLE caller_id_trial (
    trial_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  bigint NOT NULL REFERENCES account,
    number      text COLLATE "C" NOT NULL,
    pin         text NOT NULL,
    began_at    double precision NOT NULL,
    expires_at  double precision NOT NULL
);
CREATE INDEX caller_id_trial_number ON caller_id_trial (account_id, number, began_at);

CREATE TABLE service (
    service_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id     bigint NOT NULL REFERENCES account,
    kind           text COLLATE "C" NOT NULL CHECK (kind IN ('outbound', 'inbound')),
    name           text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    -- NULL once the service is deleted: its starts and records stay, its passwords don't.
    configuration  bytea
);
CREATE UNIQUE INDEX service_name ON service (account_id, kind, name)
WHERE configuration IS NOT NULL;
CREATE INDEX service_account ON service (account_id);

-- Written by acceptance alone: hands out the numbers of a service's starts without a gap. Its
-- lock is held until the commit, so numbers become visible in their order.
CREATE TABLE queue_tail (
    service_id  bigint PRIMARY KEY REFERENCES service,
    tail_seq    bigint NOT NULL CHECK (tail_seq > 0)
) WITH (fillfactor = 30);

-- Locked by claim, release, cancel and purge before anything else of the queue.
-- length = tail_seq - taken - cancelled.
CREATE TABLE queue_head (
    service_id  bigint PRIMARY KEY REFERENCES service,
    -- Nothing at or below this number is ready, so a claim never walks over what others took.
    head_seq    bigint NOT NULL DEFAULT 0 CHECK (head_seq >= 0),
    taken       bigint NOT NULL DEFAULT 0 CHECK (taken >= 0),
    cancelled   bigint NOT NULL DEFAULT 0 CHECK (cancelled >= 0)
) WITH (fillfactor = 30);

-- What waits, in order and nothing else: narrow, so that a claim costs the same at any length.
CREATE TABLE ready (
    service_id  bigint NOT NULL,
    seq         bigint NOT NULL,
    start_id    bigint NOT NULL,
    PRIMARY KEY (service_id, seq)
) WITH (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0
);

-- A request with a unique_id. Its references follow from the first: their counters are
-- consecutive. It is forgotten with the last of its starts, so that a repeat is answered alike
-- as long as any of them is known.
CREATE TABLE request (
    request_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id   bigint NOT NULL REFERENCES account,
    unique_id    text COLLATE "C" NOT NULL,
    fingerprint  bytea NOT NULL,
    first_ref    text COLLATE "C" NOT NULL,
    start_count  integer NOT NULL CHECK (start_count > 0),
    remaining    integer NOT NULL CHECK (remaining BETWEEN 0 AND start_count),
    UNIQUE (account_id, unique_id)
);

-- No REFERENCES: the service's is checked at the tail, once a request and not once a start.
CREATE TABLE call_start (
    start_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref          text COLLATE "C" NOT NULL,
    account_id   bigint NOT NULL,
    service_id   bigint NOT NULL,
    seq          bigint NOT NULL,
    state        text COLLATE "C" NOT NULL DEFAULT 'queued',
    payload      bytea NOT NULL,
    queued_at    double precision NOT NULL,
    request_id   bigint,
    -- The boot epoch of the node that claimed it, or took it over from a dead one; 0: nobody has
    -- yet. What another epoch holds is not ours to write.
    held_by      bigint NOT NULL DEFAULT 0,
    claimed_at   double precision,
    -- The intent: from here on the start is never dialled again.
    instance_id  text COLLATE "C",
    call_id      text,
    dialled_at   double precision,
    answered_at  double precision,
    ended_at     double precision,
    exit_status  integer,
    reason       text,
    CONSTRAINT "call_start.ref" UNIQUE (ref),
    CONSTRAINT "call_start.state" CHECK (CASE state
        WHEN 'queued' THEN
            claimed_at IS NULL AND instance_id IS NULL AND call_id IS NULL
            AND dialled_at IS NULL AND answered_at IS NULL
            AND ended_at IS NULL AND exit_status IS NULL AND reason IS NULL
        WHEN 'running' THEN
            claimed_at IS NOT NULL
            AND (instance_id IS NULL) = (dialled_at IS NULL)
            AND (call_id IS NULL) = (dialled_at IS NULL)
            AND (answered_at IS NULL OR dialled_at IS NOT NULL)
            AND ended_at IS NULL AND exit_status IS NULL AND reason IS NULL
        WHEN 'completed' THEN
            claimed_at IS NOT NULL AND instance_id IS NOT NULL AND call_id IS NOT NULL
            AND dialled_at IS NOT NULL AND ended_at IS NOT NULL AND exit_status IS NOT NULL
            AND reason IS NULL
        WHEN 'couldnotrun' THEN
            claimed_at IS NOT NULL AND ended_at IS NOT NULL AND reason IS NOT NULL
            AND instance_id IS NULL AND call_id IS NULL AND dialled_at IS NULL
            AND answered_at IS NULL AND exit_status IS NULL
        WHEN 'cancelled' THEN
            ended_at IS NOT NULL
            AND claimed_at IS NULL AND instance_id IS NULL AND call_id IS NULL
            AND dialled_at IS NULL AND answered_at IS NULL
            AND exit_status IS NULL AND reason IS NULL
        ELSE false
    END)
-- A start is updated some four times: with room in its page few of them touch an index.
) WITH (fillfactor = 70);
-- Those in progress, a handful whatever the history: for settling the dead, and by instance.
CREATE INDEX call_start_running ON call_start (held_by) WHERE state = 'running';
CREATE UNIQUE INDEX call_start_instance ON call_start (instance_id) WHERE state = 'running';
CREATE INDEX call_start_ended ON call_start (ended_at) WHERE ended_at IS NOT NULL;

-- Starts in progress by account, changed with each claim and each end.
CREATE TABLE account_progress (
    account_id   bigint PRIMARY KEY REFERENCES account,
    in_progress  integer NOT NULL CHECK (in_progress >= 0)
) WITH (fillfactor = 30);

CREATE TABLE adr (
    instance_id             text COLLATE "C" PRIMARY KEY,
    account_id              bigint NOT NULL REFERENCES account,
    ref                     text,
    application_name        text NOT NULL,
    started_at              double precision NOT NULL,
    stopped_at              double precision NOT NULL,
    exit_status             integer NOT NULL,
    outbound_parameters     text NOT NULL,
    application_parameters  text NOT NULL,
    extra_channel_count     integer NOT NULL,
    fax                     boolean NOT NULL,
    rest_log_filename       text NOT NULL,
    rest_to                 text NOT NULL,
    rest_from               text NOT NULL,
    rest_initial_token      text NOT NULL,
    uas_ip_address          text NOT NULL,
    uas_name                text NOT NULL,
    tts_seconds             double precision NOT NULL,
    tts_neural_seconds      double precision NOT NULL,
    platform_cost           numeric NOT NULL,
    pstn_cost               numeric NOT NULL,
    tts_unit_cost           numeric NOT NULL,
    tts_cost                numeric NOT NULL,
    tts_neural_unit_cost    numeric NOT NULL,
    tts_neural_cost         numeric NOT NULL,
    tollfree_cost           numeric NOT NULL,
    extra_cost              numeric NOT NULL,
    feature_cost            numeric NOT NULL,
    feature_seconds         double precision NOT NULL
);
CREATE INDEX adr_stopped ON adr (stopped_at);

CREATE TABLE cdr (
    instance_id          text COLLATE "C" NOT NULL REFERENCES adr,
    number               integer NOT NULL CHECK (number >= 0),
    call_id              text COLLATE "C" NOT NULL UNIQUE,
    destination_address  text NOT NULL,
    originating_address  text NOT NULL,
    direction            text NOT NULL CHECK (direction IN ('in', 'out', 'client')),
    channel_type         text NOT NULL CHECK (channel_type IN ('p', 'x', 'ca', 'cv')),
    initiated_at         double precision NOT NULL,
    connected_at         double precision,
    hung_up_at           double precision NOT NULL,
    joined               double precision NOT NULL,
    hangup_cause         text NOT NULL,
    call_cause           text NOT NULL,
    raw_cause            integer NOT NULL,
    cost                 numeric NOT NULL,
    costs_valid          boolean NOT NULL,
    PRIMARY KEY (instance_id, number)
);

CREATE TABLE err (
    instance_id  text COLLATE "C" NOT NULL REFERENCES adr,
    number       integer NOT NULL CHECK (number >= 0),
    code         text NOT NULL CHECK (length(code) = 4),
    text         text NOT NULL,
    PRIMARY KEY (instance_id, number)
);

CREATE TABLE fdr (
    instance_id        text COLLATE "C" NOT NULL REFERENCES adr,
    number             integer NOT NULL CHECK (number >= 0),
    feature_id         text NOT NULL,
    audio_path         text NOT NULL CHECK (audio_path IN ('in', 'out', 'mixed', '')),
    feature_type       text NOT NULL,
    started_at         double precision NOT NULL,
    stopped_at         double precision NOT NULL,
    call_id            text NOT NULL,
    transaction_id     text NOT NULL,
    duration_for_cost  double precision NOT NULL,
    unit_cost          numeric NOT NULL,
    cost               numeric NOT NULL,
    costs_valid        boolean NOT NULL,
    PRIMARY KEY (instance_id, number)
);
