SELECT DISTINCT service_id FROM call_start
WHERE state = 'running' AND instance_id IS NULL AND NOT held_by = ANY(:alive::bigint[])
