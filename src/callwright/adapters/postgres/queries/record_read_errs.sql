SELECT code, text FROM err WHERE instance_id = :instance_id ORDER BY number
