-- Values that a client's requests refer to by name.
CREATE TABLE client_variable (
    account_id  bigint NOT NULL REFERENCES account,
    name        text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    value       text NOT NULL CHECK (length(value) <= 200),
    PRIMARY KEY (account_id, name)
);
