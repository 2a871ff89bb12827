UPDATE callback_event SET
    next_at = greatest(next_at, :until), tries = tries + (event_id = :event_id)::integer
WHERE task_id = (SELECT task_id FROM callback_event WHERE event_id = :event_id)
