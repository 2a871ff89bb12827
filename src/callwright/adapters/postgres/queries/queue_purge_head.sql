UPDATE queue_head SET head_seq = :last_seq, cancelled = cancelled + :count::bigint
WHERE service_id = :service_id
