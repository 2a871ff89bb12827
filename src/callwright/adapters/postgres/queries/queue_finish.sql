UPDATE call_start SET state = 'completed', exit_status = :exit_status, ended_at = :at
WHERE start_id = :start_id
