DELETE FROM adr WHERE instance_id = ANY(:instance_ids::text[])
