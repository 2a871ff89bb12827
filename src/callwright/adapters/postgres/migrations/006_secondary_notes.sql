-- What is known of secondary calls until the record of their instance is written: for settling the
-- dead.
CREATE TABLE secondary_note (
    instance_id  text COLLATE "C" NOT NULL,
    call_id      text COLLATE "C" NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('placed', 'answered', 'over')),
    -- What happened, as JSON.
    fact         bytea NOT NULL,
    PRIMARY KEY (instance_id, call_id, kind)
);
