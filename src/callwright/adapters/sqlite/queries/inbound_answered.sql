UPDATE inbound_instance SET answered_at = :at
WHERE instance_id = :instance_id AND held_by = :held_by
