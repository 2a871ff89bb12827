SELECT instance_id FROM adr WHERE stopped_at < :stopped_before
ORDER BY stopped_at LIMIT :count FOR UPDATE
