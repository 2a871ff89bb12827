DELETE FROM secondary_note WHERE instance_id = ANY(:instance_ids::text[])
