-- Hand out the next numbers of these services; the answer is the last of each. In ascending order,
-- so that nobody waits in a circle.
INSERT INTO queue_tail (service_id, tail_seq)
SELECT * FROM unnest(:service_ids::bigint[], :counts::bigint[])
ON CONFLICT (service_id) DO UPDATE SET tail_seq = queue_tail.tail_seq + excluded.tail_seq
RETURNING service_id, tail_seq
