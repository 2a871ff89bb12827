-- The hang-ups of calls whose begin was told: what is told of them when their attempt ends and
-- nobody has told it before, because the process died.
CREATE TABLE call_last_word (
    sequence    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    text COLLATE "C" NOT NULL UNIQUE,
    task_id     bigint NOT NULL,
    account_id  bigint NOT NULL,
    url         text NOT NULL,
    receiver    text COLLATE "C" NOT NULL,
    event       text NOT NULL,
    body        bytea NOT NULL,
    telling     text COLLATE "C" NOT NULL CHECK (telling IN ('form post', 'form get')),
    of_call     text COLLATE "C" NOT NULL CHECK (of_call <> ''),
    stream      text COLLATE "C" NOT NULL
);
CREATE INDEX call_last_word_call ON call_last_word (of_call, sequence);
