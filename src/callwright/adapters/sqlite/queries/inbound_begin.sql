INSERT INTO inbound_instance (instance_id, account_id, ref, held_by, beginning)
VALUES (:instance_id, :account_id, :ref, :held_by, :beginning)
-- Written again after a commit in doubt.
ON CONFLICT (instance_id) DO NOTHING
