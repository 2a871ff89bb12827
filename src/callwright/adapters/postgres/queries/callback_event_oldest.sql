SELECT min(at) FROM callback_event WHERE given_up_at IS NULL
