DELETE FROM callback_event WHERE sequence IN (
    SELECT sequence FROM callback_event WHERE given_up_at < :given_up_before
    ORDER BY given_up_at LIMIT :limit
)
RETURNING sequence
