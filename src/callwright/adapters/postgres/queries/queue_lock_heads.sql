-- In ascending order, as everybody does: so nobody waits in a circle.
SELECT service_id, head_seq FROM queue_head WHERE service_id = ANY(:service_ids::bigint[])
ORDER BY service_id FOR UPDATE
