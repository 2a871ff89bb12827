UPDATE call_start SET state = 'cancelled', ended_at = :at WHERE start_id = :start_id
