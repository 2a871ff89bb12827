UPDATE call_start SET answered_at = :at WHERE start_id = :start_id
