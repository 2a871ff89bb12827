-- With an intent: may have been dialled, so it never will be again.
SELECT seq, ref, account_id, service_id, payload, queued_at,
       instance_id, call_id, dialled_at, answered_at
FROM call_start WHERE state = 'running' AND instance_id IS NOT NULL
ORDER BY dialled_at, start_id
