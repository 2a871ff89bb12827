-- Hand out the next numbers of the service; the answer is the last of them.
INSERT INTO queue_tail (service_id, tail_seq) VALUES (:service_id, :count)
ON CONFLICT (service_id) DO UPDATE SET tail_seq = tail_seq + excluded.tail_seq
RETURNING tail_seq
