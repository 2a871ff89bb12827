SELECT service.account_id, tail.service_id, tail.tail_seq - head.taken - head.cancelled AS length
FROM queue_tail AS tail
JOIN queue_head AS head ON head.service_id = tail.service_id
JOIN service ON service.service_id = tail.service_id
WHERE tail.tail_seq > head.taken + head.cancelled
  AND (:shards::bigint[] IS NULL OR service.account_id % :of::bigint = ANY(:shards::bigint[]))
ORDER BY tail.service_id
