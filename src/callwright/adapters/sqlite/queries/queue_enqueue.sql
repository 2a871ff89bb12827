INSERT INTO call_start (ref, account_id, service_id, seq, payload, queued_at)
VALUES (:ref, :account_id, :service_id, :seq, :payload, :queued_at)
