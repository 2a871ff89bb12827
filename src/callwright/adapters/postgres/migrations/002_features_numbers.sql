-- What accounts have on request, the telephone numbers that they own, what is needed to forget
-- trials of caller IDs, and how nodes divide the starts of a trunk.

ALTER TABLE account ADD COLUMN has_g729 boolean NOT NULL DEFAULT false;
ALTER TABLE account ADD COLUMN has_fax boolean NOT NULL DEFAULT false;
-- Fax was everybody's: an account with a service that has it on keeps it. Configurations are kept
-- without spaces and in the schema's order; inside a text of theirs a quote has a backslash.
UPDATE account SET has_fax = true WHERE account_id IN (
    SELECT account_id FROM service
    WHERE position('"fax":{"send":true'::bytea IN configuration) > 0
        OR position('"fax":{"send":false,"receive":true'::bytea IN configuration) > 0
);

-- Calls to a number come in on it. It is one account's, and a caller ID of that account.
CREATE TABLE owned_number (
    number      text COLLATE "C" PRIMARY KEY CHECK (number ~ '^[1-9][0-9]{5,14}$'),
    account_id  bigint NOT NULL REFERENCES account,
    added_at    double precision NOT NULL
);
CREATE INDEX owned_number_account ON owned_number (account_id, number);

CREATE INDEX caller_id_trial_began ON caller_id_trial (began_at);

-- Whole starts in the trunk's window that a node may make, and nobody else.
ALTER TABLE node ADD COLUMN trunk_starts integer NOT NULL DEFAULT 0 CHECK (trunk_starts >= 0);
