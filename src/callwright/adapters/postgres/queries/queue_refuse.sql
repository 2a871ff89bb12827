UPDATE call_start SET state = 'couldnotrun', reason = :reason, ended_at = :at
WHERE start_id = :start_id
