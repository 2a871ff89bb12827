-- Reserved conferences: which accounts may have some, and which there are.

ALTER TABLE account ADD COLUMN has_conferences boolean NOT NULL DEFAULT false;

-- A name that is an account's own for a while.
CREATE TABLE reservation (
    account_id        bigint NOT NULL REFERENCES account,
    name              text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Za-z0-9]{1,47}$'),
    max_participants  integer NOT NULL CHECK (max_participants BETWEEN 1 AND 350),
    starts_at         double precision NOT NULL,
    ends_at           double precision NOT NULL CHECK (ends_at > starts_at),
    -- The inbound service that takes calls before the start; empty: they are busy.
    divert            text NOT NULL,
    PRIMARY KEY (account_id, name)
);
CREATE INDEX reservation_ended ON reservation (ends_at);
