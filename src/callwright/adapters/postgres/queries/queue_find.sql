-- The starts of these references, as every change of their state looks at them first; ours until
-- the transaction ends. In ascending order, so that nobody waits in a circle.
SELECT ref, start_id, account_id, service_id, seq, state, instance_id, held_by, answered_at
FROM call_start WHERE ref = ANY(:refs::text[])
ORDER BY start_id FOR UPDATE
