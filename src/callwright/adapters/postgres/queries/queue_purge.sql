UPDATE call_start SET state = 'cancelled', ended_at = :at
WHERE start_id = ANY(:start_ids::bigint[])
RETURNING seq, ref
