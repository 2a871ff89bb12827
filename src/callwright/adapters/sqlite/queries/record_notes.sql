SELECT kind, fact FROM secondary_note WHERE instance_id = :instance_id
