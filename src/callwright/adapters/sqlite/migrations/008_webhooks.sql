-- Whom an event goes to: its account and the URL's scheme, host and port. Empty: written before this.
ALTER TABLE callback_event ADD COLUMN receiver TEXT NOT NULL DEFAULT '';

-- What clients of the callback scheduler have set.
CREATE TABLE callback_client (
    account_id      INTEGER PRIMARY KEY REFERENCES account,
    -- Sealed; none: their events are not signed.
    webhook_secret  TEXT
) STRICT;
