DELETE FROM fdr WHERE instance_id IN (SELECT value FROM json_each(:instance_ids))
