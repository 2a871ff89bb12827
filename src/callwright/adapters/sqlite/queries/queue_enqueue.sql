-- Bound by position, unlike all others, and followed by as many rows as are queued at once: by
-- name it would take twice as long.
INSERT INTO call_start (ref, account_id, service_id, seq, payload, queued_at, request_id)
VALUES (?, ?, ?, ?, ?, ?, ?)
