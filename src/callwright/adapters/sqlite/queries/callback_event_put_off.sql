UPDATE callback_event SET
    next_at = max(next_at, :until), tries = tries + (event_id = :event_id)
WHERE task_id = (SELECT task_id FROM callback_event WHERE event_id = :event_id)
