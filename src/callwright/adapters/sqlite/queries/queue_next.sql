-- The oldest start above the head of each of these services.
SELECT start.service_id, start.payload
FROM json_each(:service_ids) AS asked
JOIN call_start AS start ON start.start_id = (
    SELECT ready.start_id FROM ready
    WHERE ready.service_id = asked.value
      AND ready.seq > (SELECT head_seq FROM queue_head WHERE service_id = asked.value)
    ORDER BY ready.seq LIMIT 1
)
