-- What is known of secondary calls until the record of their instance is written: for settling the
-- dead.
CREATE TABLE secondary_note (
    instance_id  TEXT NOT NULL,
    call_id      TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('placed', 'answered', 'over')),
    -- What happened, as JSON.
    fact         BLOB NOT NULL,
    PRIMARY KEY (instance_id, call_id, kind)
) STRICT, WITHOUT ROWID;
