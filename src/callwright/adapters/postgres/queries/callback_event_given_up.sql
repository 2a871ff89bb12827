UPDATE callback_event SET
    given_up_at = :at, tries = tries + 1, last_status = :http_status, last_reason = :reason
WHERE event_id = :event_id
