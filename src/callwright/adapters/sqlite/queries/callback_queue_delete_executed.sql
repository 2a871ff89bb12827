UPDATE callback_task SET is_to_go = 1 WHERE queue_id = :queue_id AND state = 'executed'
