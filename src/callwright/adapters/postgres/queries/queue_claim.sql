UPDATE call_start SET state = 'running', claimed_at = :at, held_by = :held_by
WHERE start_id = ANY(:start_ids::bigint[])
RETURNING seq, ref, account_id, service_id, payload, queued_at
