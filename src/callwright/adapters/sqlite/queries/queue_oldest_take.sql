DELETE FROM ready
WHERE service_id = :service_id
  AND seq > (SELECT head_seq FROM queue_head WHERE service_id = :service_id)
  AND seq <= :last_seq
