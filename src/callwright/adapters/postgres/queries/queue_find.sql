-- The one start of a reference, as every change of its state looks at it first; ours until the
-- transaction ends.
SELECT ref, start_id, account_id, service_id, seq, state, instance_id, held_by
FROM call_start WHERE ref = :ref
FOR UPDATE
