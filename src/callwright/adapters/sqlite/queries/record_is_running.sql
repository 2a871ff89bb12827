SELECT 1 FROM call_start
WHERE instance_id = :instance_id AND state = 'running' AND account_id = :account_id
UNION ALL
SELECT 1 FROM inbound_instance
WHERE instance_id = :instance_id AND account_id = :account_id
