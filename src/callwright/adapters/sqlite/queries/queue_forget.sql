DELETE FROM call_start WHERE start_id IN (
    SELECT start_id FROM call_start WHERE ended_at < :ended_before ORDER BY ended_at LIMIT :limit
)
RETURNING request_id
