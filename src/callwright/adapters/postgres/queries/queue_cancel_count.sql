UPDATE queue_head SET cancelled = cancelled + :count::bigint WHERE service_id = :service_id
