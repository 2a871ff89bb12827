-- Whom an event goes to: its account and the URL's scheme, host and port. Empty: written before this.
ALTER TABLE callback_event ADD COLUMN receiver text NOT NULL DEFAULT '';

-- What clients of the callback scheduler have set.
CREATE TABLE callback_client (
    account_id      bigint PRIMARY KEY REFERENCES account,
    -- Sealed; none: their events are not signed.
    webhook_secret  text
);
