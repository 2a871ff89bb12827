UPDATE callback_event SET
    next_at = greatest(next_at, :until), tries = tries + (event_id = :event_id)::integer,
    last_status = CASE WHEN event_id = :event_id THEN :http_status ELSE last_status END,
    last_reason = CASE WHEN event_id = :event_id THEN :reason ELSE last_reason END
WHERE stream = (SELECT stream FROM callback_event WHERE event_id = :event_id)
  AND given_up_at IS NULL
