DELETE FROM callback_call WHERE call_uuid IN (
    SELECT call_uuid FROM callback_call WHERE ended_at < :ended_before
    ORDER BY ended_at LIMIT :limit
)
RETURNING call_uuid
