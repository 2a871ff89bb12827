UPDATE call_start SET state = 'queued', claimed_at = NULL WHERE start_id = :start_id
