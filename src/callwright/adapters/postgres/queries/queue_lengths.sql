SELECT tail.service_id, tail.tail_seq - head.taken - head.cancelled AS length
FROM service
JOIN queue_tail AS tail ON tail.service_id = service.service_id
JOIN queue_head AS head ON head.service_id = service.service_id
WHERE service.account_id = :account_id AND tail.tail_seq > head.taken + head.cancelled
