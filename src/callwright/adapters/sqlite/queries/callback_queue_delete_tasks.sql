DELETE FROM callback_task WHERE queue_id = :queue_id AND state <> 'executed'
