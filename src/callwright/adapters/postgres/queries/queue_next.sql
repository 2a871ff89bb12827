-- The oldest start above the head of each of these services.
SELECT start.service_id, start.payload
FROM unnest(:service_ids::bigint[]) AS asked (service_id)
JOIN queue_head AS head ON head.service_id = asked.service_id
CROSS JOIN LATERAL (
    SELECT ready.start_id FROM ready
    WHERE ready.service_id = asked.service_id AND ready.seq > head.head_seq
    ORDER BY ready.seq LIMIT 1
) AS oldest
JOIN call_start AS start ON start.start_id = oldest.start_id
