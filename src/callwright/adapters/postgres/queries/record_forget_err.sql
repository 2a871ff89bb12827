DELETE FROM err WHERE instance_id = ANY(:instance_ids::text[])
