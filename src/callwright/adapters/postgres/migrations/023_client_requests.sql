-- How many requests of a client there were in its hour, on all nodes together.
CREATE TABLE client_requests (
    account_id  bigint PRIMARY KEY REFERENCES account,
    began_at    double precision NOT NULL,
    requests    bigint NOT NULL CHECK (requests > 0)
);
