SELECT ref, state, instance_id, exit_status, reason, ended_at
FROM json_each(:refs) JOIN call_start ON call_start.ref = json_each.value
WHERE account_id = :account_id
