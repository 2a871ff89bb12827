UPDATE call_start SET state = 'cancelled', ended_at = :at
WHERE ref = ANY(:refs::text[]) AND account_id = :account_id AND state = 'queued'
RETURNING service_id, seq, ref
