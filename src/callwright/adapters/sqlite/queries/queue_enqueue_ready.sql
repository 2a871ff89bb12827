-- The rows just written: their ids are consecutive, since nobody else writes.
INSERT INTO ready (service_id, seq, start_id)
SELECT service_id, seq, start_id FROM call_start WHERE start_id BETWEEN :first_id AND :last_id
