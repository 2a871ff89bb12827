-- Reserved conferences: which accounts may have some, and which there are.

ALTER TABLE account ADD COLUMN has_conferences INTEGER NOT NULL DEFAULT 0
    CHECK (has_conferences IN (0, 1));

-- A name that is an account's own for a while.
CREATE TABLE reservation (
    account_id        INTEGER NOT NULL REFERENCES account,
    name              TEXT    NOT NULL
        CHECK (length(name) BETWEEN 1 AND 47 AND NOT name GLOB '*[^A-Za-z0-9]*'),
    max_participants  INTEGER NOT NULL CHECK (max_participants BETWEEN 1 AND 350),
    starts_at         REAL    NOT NULL,
    ends_at           REAL    NOT NULL CHECK (ends_at > starts_at),
    -- The inbound service that takes calls before the start; empty: they are busy.
    divert            TEXT    NOT NULL,
    PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_ended ON reservation (ends_at);
