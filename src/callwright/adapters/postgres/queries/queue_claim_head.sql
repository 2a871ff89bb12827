UPDATE queue_head SET head_seq = :last_seq, taken = taken + :count::bigint
WHERE service_id = :service_id
