UPDATE request SET remaining = remaining - :count WHERE request_id = :request_id
