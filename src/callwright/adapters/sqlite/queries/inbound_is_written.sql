SELECT 1 FROM adr WHERE instance_id = :instance_id
