UPDATE request SET remaining = remaining - :count::integer WHERE request_id = :request_id
