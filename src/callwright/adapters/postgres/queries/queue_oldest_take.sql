DELETE FROM ready WHERE service_id = :service_id AND seq > :head_seq AND seq <= :last_seq
