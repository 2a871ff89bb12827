SELECT ref, state, instance_id, exit_status, reason, ended_at FROM call_start
WHERE ref = ANY(:refs::text[]) AND account_id = :account_id
