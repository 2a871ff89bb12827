-- The hang-ups of calls whose begin was told: what is told of them when their attempt ends and
-- nobody has told it before, because the process died.
CREATE TABLE call_last_word (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id    TEXT    NOT NULL UNIQUE,
    task_id     INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    url         TEXT    NOT NULL,
    receiver    TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    body        BLOB    NOT NULL,
    telling     TEXT    NOT NULL CHECK (telling IN ('form post', 'form get')),
    of_call     TEXT    NOT NULL CHECK (of_call <> ''),
    stream      TEXT    NOT NULL
) STRICT;
CREATE INDEX call_last_word_call ON call_last_word (of_call, sequence);
