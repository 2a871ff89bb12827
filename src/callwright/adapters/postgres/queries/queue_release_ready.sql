INSERT INTO ready (service_id, seq, start_id) VALUES (:service_id, :seq, :start_id)
