UPDATE queue_head SET head_seq = :last_seq, taken = taken + :count WHERE service_id = :service_id
