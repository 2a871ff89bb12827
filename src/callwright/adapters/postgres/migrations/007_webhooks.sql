-- Whom an event goes to: its account, and its URL's scheme, host and port where they are known.
ALTER TABLE callback_event ADD COLUMN receiver text COLLATE "C" NOT NULL DEFAULT '';
UPDATE callback_event SET receiver = account_id::text;
DROP INDEX callback_event_next;
CREATE INDEX callback_event_receiver ON callback_event (receiver, next_at, sequence);

-- What clients of the callback scheduler have set.
CREATE TABLE callback_client (
    account_id      bigint PRIMARY KEY REFERENCES account,
    -- Sealed; none: their events are not signed.
    webhook_secret  text
);
