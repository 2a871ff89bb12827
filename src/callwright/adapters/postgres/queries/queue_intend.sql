UPDATE call_start SET instance_id = :instance_id, call_id = :call_id, dialled_at = :at
WHERE start_id = :start_id
