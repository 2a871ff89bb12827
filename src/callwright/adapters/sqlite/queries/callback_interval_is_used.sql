SELECT 1 FROM callback_queue WHERE interval_id = :interval_id LIMIT 1
