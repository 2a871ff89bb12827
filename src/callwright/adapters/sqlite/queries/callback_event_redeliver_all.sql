UPDATE callback_event SET next_at = :at, tries = 0, given_up_at = NULL
WHERE sequence IN (
    SELECT sequence FROM callback_event
    WHERE account_id = :account_id AND given_up_at <= :at
    ORDER BY sequence LIMIT :limit
)
RETURNING sequence
