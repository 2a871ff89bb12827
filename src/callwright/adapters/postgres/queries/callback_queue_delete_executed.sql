UPDATE callback_task SET is_to_go = true WHERE queue_id = :queue_id AND state = 'executed'
