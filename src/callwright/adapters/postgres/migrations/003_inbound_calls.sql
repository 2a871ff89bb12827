-- Calls that come in: their services are named once, their instances are known from the first
-- moment on, and calls say what answered.

-- What answered, as JSON; NULL where nobody asked.
ALTER TABLE cdr ADD COLUMN far_end text;

-- A name is called without its account. Of two services that had the same, the later was never
-- reached. A number is its owner's, who may change.
UPDATE service SET configuration = NULL
WHERE kind = 'inbound' AND configuration IS NOT NULL AND name ~ '[^0-9]'
  AND EXISTS (
      SELECT 1 FROM service AS earlier
      WHERE earlier.kind = 'inbound' AND earlier.configuration IS NOT NULL
        AND earlier.name = service.name AND earlier.service_id < service.service_id
  );
CREATE UNIQUE INDEX service_called ON service (name)
WHERE kind = 'inbound' AND configuration IS NOT NULL AND name ~ '[^0-9]';

-- Instances on calls that came in, until their record is written: for settling the dead.
CREATE TABLE inbound_instance (
    instance_id  text COLLATE "C" PRIMARY KEY,
    account_id   bigint NOT NULL REFERENCES account,
    ref          text NOT NULL,
    -- The boot epoch of the node that has the call, or that took it over from a dead one.
    held_by      bigint NOT NULL,
    -- How it began, as JSON.
    beginning    bytea NOT NULL,
    answered_at  double precision
);
