-- How many requests of a client there were in its hour, on all nodes together.
CREATE TABLE client_requests (
    account_id  INTEGER PRIMARY KEY REFERENCES account,
    began_at    REAL NOT NULL,
    requests    INTEGER NOT NULL CHECK (requests > 0)
) STRICT;
