-- Whether a claim whose commit was in doubt was written: waits for it if it is still under way.
SELECT start_id FROM call_start
WHERE ref = ANY(:refs::text[]) AND state = 'running' AND held_by = :held_by
FOR UPDATE
