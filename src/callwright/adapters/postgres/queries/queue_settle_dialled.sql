-- With an intent: may have been dialled, so it never will be again; ours from now on.
UPDATE call_start SET held_by = :held_by
WHERE state = 'running' AND instance_id IS NOT NULL
  AND (
      NOT held_by = ANY(:alive::bigint[])
      OR held_by = :held_by AND ref = ANY(:again::text[])
  )
RETURNING seq, ref, account_id, service_id, payload, queued_at,
          instance_id, call_id, dialled_at, answered_at
