UPDATE call_start SET state = 'cancelled', ended_at = :at
WHERE start_id IN (
    SELECT start_id FROM ready
    WHERE service_id = :service_id
      AND seq > (SELECT head_seq FROM queue_head WHERE service_id = :service_id)
      AND seq <= :last_seq
)
RETURNING seq, ref
