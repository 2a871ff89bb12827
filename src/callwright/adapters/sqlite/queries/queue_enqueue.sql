-- Bound by position, unlike all others: this is the one statement that runs a thousand times in
-- a transaction, and by name it would take twice as long.
INSERT INTO call_start (ref, account_id, service_id, seq, payload, queued_at, request_id)
VALUES (?, ?, ?, ?, ?, ?, ?)
