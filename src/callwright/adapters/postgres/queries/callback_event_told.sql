DELETE FROM callback_event WHERE event_id = :event_id
