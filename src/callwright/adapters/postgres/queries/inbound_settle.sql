-- Held by the dead, or by us without our knowing it: the commit was in doubt.
UPDATE inbound_instance SET held_by = :held_by
WHERE NOT held_by = ANY(:alive::bigint[])
   OR held_by = :held_by AND NOT instance_id = ANY(:known::text[])
RETURNING instance_id, account_id, ref, beginning, answered_at
