DELETE FROM fdr WHERE instance_id = ANY(:instance_ids::text[])
