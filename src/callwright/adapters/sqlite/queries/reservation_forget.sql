DELETE FROM reservation WHERE (account_id, name) IN (
    SELECT account_id, name FROM reservation WHERE ends_at < :ended_before
    ORDER BY ends_at LIMIT :limit
)
RETURNING name
