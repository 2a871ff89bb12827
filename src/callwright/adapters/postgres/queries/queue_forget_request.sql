DELETE FROM request WHERE request_id = :request_id AND remaining = 0
