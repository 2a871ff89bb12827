-- What accounts have on request, the telephone numbers that they own, and what is needed to forget
-- trials of caller IDs.

ALTER TABLE account ADD COLUMN has_g729 INTEGER NOT NULL DEFAULT 0 CHECK (has_g729 IN (0, 1));
ALTER TABLE account ADD COLUMN has_fax INTEGER NOT NULL DEFAULT 0 CHECK (has_fax IN (0, 1));
-- Fax was everybody's: an account with a service that has it on keeps it. Configurations are kept
-- without spaces and in the schema's order; inside a text of theirs a quote has a backslash.
UPDATE account SET has_fax = 1 WHERE account_id IN (
    SELECT account_id FROM service
    WHERE instr(configuration, CAST('"fax":{"send":true' AS BLOB))
        OR instr(configuration, CAST('"fax":{"send":false,"receive":true' AS BLOB))
);

-- Calls to a number come in on it. It is one account's, and a caller ID of that account.
CREATE TABLE owned_number (
    number      TEXT    PRIMARY KEY
        CHECK (length(number) BETWEEN 6 AND 15 AND number GLOB '[1-9]*'
               AND NOT number GLOB '*[^0-9]*'),
    account_id  INTEGER NOT NULL REFERENCES account,
    added_at    REAL    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX owned_number_account ON owned_number (account_id, number);

CREATE INDEX caller_id_trial_began ON caller_id_trial (began_at);
