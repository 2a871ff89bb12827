UPDATE callback_event SET
    next_at = :at, tries = CASE WHEN given_up_at IS NULL THEN tries ELSE 0 END, given_up_at = NULL
WHERE event_id = :event_id AND account_id = :account_id
RETURNING event_id, task_id, event, url, at, tries, next_at, given_up_at, last_status, last_reason
