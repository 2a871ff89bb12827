DELETE FROM call_last_word WHERE event_id = :event_id
