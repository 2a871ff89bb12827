-- Claimed by a node that died before it wrote an intent: provably not dialled.
SELECT ref, start_id, account_id, service_id, seq, state, instance_id, held_by, answered_at
FROM call_start
WHERE state = 'running' AND instance_id IS NULL AND NOT held_by = ANY(:alive::bigint[])
  AND service_id = ANY(:service_ids::bigint[])
ORDER BY start_id FOR UPDATE
