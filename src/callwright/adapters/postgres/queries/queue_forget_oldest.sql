SELECT start_id FROM call_start WHERE ended_at < :ended_before
ORDER BY ended_at LIMIT :count FOR UPDATE
