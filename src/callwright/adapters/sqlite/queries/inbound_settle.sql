-- Held by another boot, or by ours without our knowing it: the commit was in doubt.
UPDATE inbound_instance SET held_by = :held_by
WHERE held_by <> :held_by OR instance_id NOT IN (SELECT value FROM json_each(:known))
RETURNING instance_id, account_id, ref, beginning, answered_at
