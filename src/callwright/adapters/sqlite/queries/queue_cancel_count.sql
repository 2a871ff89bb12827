UPDATE queue_head SET cancelled = cancelled + 1 WHERE service_id = :service_id
