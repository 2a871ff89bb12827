DELETE FROM cdr WHERE instance_id = ANY(:instance_ids::text[])
