UPDATE call_start SET state = 'queued', claimed_at = NULL, held_by = :held_by
WHERE start_id = :start_id
