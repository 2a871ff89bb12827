-- Callbacks: their queues, calling windows, extensions, tasks, attempts and events, and the
-- programs that may ask for tokens.

-- A third kind, behind a callback queue, which is nobody's to see.
ALTER TABLE service DROP CONSTRAINT service_kind_check;
ALTER TABLE service ADD CONSTRAINT service_kind_check
CHECK (kind IN ('outbound', 'inbound', 'callback'));

CREATE TABLE callback_interval (
    interval_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id   bigint NOT NULL REFERENCES account,
    name         text COLLATE "C" NOT NULL,
    timezone     text NOT NULL,
    -- As JSON.
    conditions   bytea NOT NULL
);
CREATE INDEX callback_interval_account ON callback_interval (account_id);

CREATE TABLE extension (
    extension_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id        bigint NOT NULL REFERENCES account,
    number            text COLLATE "C" NOT NULL,
    label             text NOT NULL,
    caller_id_name    text COLLATE "C" NOT NULL,
    caller_id_number  text COLLATE "C" NOT NULL,
    -- What calls to it call: any destination of `service_start`; empty for none.
    destination       text NOT NULL,
    is_blocked        boolean NOT NULL,
    created_at        double precision NOT NULL,
    UNIQUE (account_id, number)
);

CREATE TABLE callback_queue (
    queue_id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id             bigint NOT NULL REFERENCES account,
    -- Its attempts are starts of this one.
    service_id             bigint NOT NULL REFERENCES service,
    name                   text COLLATE "C" NOT NULL,
    comment                text NOT NULL,
    is_on                  boolean NOT NULL,
    concurrent_task_limit  integer NOT NULL CHECK (concurrent_task_limit > 0),
    interval_id            bigint REFERENCES callback_interval,
    created_at             double precision NOT NULL,
    -- Deleted, but an attempt of it still runs.
    is_deleted             boolean NOT NULL DEFAULT false
);
CREATE INDEX callback_queue_account ON callback_queue (account_id, queue_id);
CREATE INDEX callback_queue_on ON callback_queue (queue_id) WHERE is_on;
CREATE INDEX callback_queue_interval ON callback_queue (interval_id)
WHERE interval_id IS NOT NULL;

-- An id is never used again, whatever was deleted.
CREATE TABLE callback_task (
    task_id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id         bigint NOT NULL REFERENCES account,
    queue_id           bigint NOT NULL REFERENCES callback_queue,
    -- What the client asked for, as JSON; what lists are filtered by stands beside it.
    wish               bytea NOT NULL,
    name               text COLLATE "C" NOT NULL,
    a_number           text COLLATE "C" NOT NULL,
    b_number           text COLLATE "C" NOT NULL,
    extension_id       bigint NOT NULL,
    starts_at          double precision NOT NULL,
    created_at         double precision NOT NULL,
    state              text COLLATE "C" NOT NULL DEFAULT 'scheduled'
        CHECK (state IN ('scheduled', 'executed', 'delayed', 'finished')),
    next_try_at        double precision,
    tries_made         integer NOT NULL DEFAULT 0,
    caller_tries_made  integer NOT NULL DEFAULT 0,
    finish_result      text CHECK (finish_result IN ('success', 'failed')),
    finish_comment     text NOT NULL DEFAULT '',
    finished_at        double precision,
    -- Removed when its attempt has ended, which is the last.
    is_to_go           boolean NOT NULL DEFAULT false,
    CHECK ((next_try_at IS NOT NULL) = (state IN ('scheduled', 'delayed'))),
    CHECK ((finished_at IS NOT NULL) = (state = 'finished')),
    CHECK ((finish_result IS NOT NULL) = (state = 'finished'))
);
CREATE INDEX callback_task_queue ON callback_task (queue_id, task_id);
-- What waits, in the order in which it is due.
CREATE INDEX callback_task_waiting ON callback_task (queue_id, next_try_at, task_id)
WHERE next_try_at IS NOT NULL;
CREATE INDEX callback_task_executed ON callback_task (queue_id) WHERE state = 'executed';
CREATE INDEX callback_task_finished ON callback_task (finished_at)
WHERE finished_at IS NOT NULL;

CREATE TABLE callback_attempt (
    task_id     bigint NOT NULL REFERENCES callback_task ON DELETE CASCADE,
    number      integer NOT NULL CHECK (number > 0),
    call_uuid   text COLLATE "C" NOT NULL UNIQUE CHECK (length(call_uuid) = 32),
    started_at  double precision NOT NULL,
    src_ani     text,
    dst_ani     text,
    -- The start that carries it out.
    ref         text,
    joined_at   double precision,
    a_answered  text,
    ended_at    double precision,
    outcome     text,
    PRIMARY KEY (task_id, number),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);

-- Events that wait to be told. They outlive their task.
CREATE TABLE callback_event (
    sequence    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    text COLLATE "C" NOT NULL UNIQUE,
    task_id     bigint NOT NULL,
    account_id  bigint NOT NULL,
    url         text NOT NULL,
    event       text NOT NULL,
    body        bytea NOT NULL,
    at          double precision NOT NULL,
    tries       integer NOT NULL DEFAULT 0,
    next_at     double precision NOT NULL
);
CREATE INDEX callback_event_next ON callback_event (next_at);
CREATE INDEX callback_event_task ON callback_event (task_id, sequence);

CREATE TABLE oauth_application (
    key           text COLLATE "C" PRIMARY KEY,
    secret_hash   bytea NOT NULL,
    account_id    bigint NOT NULL REFERENCES account,
    name          text COLLATE "C" NOT NULL,
    -- A JSON array.
    grants        text NOT NULL,
    redirect_uri  text NOT NULL,
    may_schedule  boolean NOT NULL
);
CREATE INDEX oauth_application_account ON oauth_application (account_id, name);

CREATE TABLE oauth_token (
    token_hash       bytea PRIMARY KEY,
    account_id       bigint NOT NULL REFERENCES account,
    application_key  text COLLATE "C" NOT NULL REFERENCES oauth_application ON DELETE CASCADE,
    expires_at       double precision NOT NULL,
    is_refresh       boolean NOT NULL
);
CREATE INDEX oauth_token_application ON oauth_token (application_key);
CREATE INDEX oauth_token_expires ON oauth_token (expires_at);
