-- What stands before an event of its stream is tried at the same time.
UPDATE callback_event SET next_at = min(next_at, :at)
WHERE stream = (SELECT stream FROM callback_event WHERE event_id = :event_id)
  AND given_up_at IS NULL
