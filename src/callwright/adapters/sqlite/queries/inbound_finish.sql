DELETE FROM inbound_instance
WHERE instance_id = :instance_id AND held_by = :held_by
RETURNING account_id
