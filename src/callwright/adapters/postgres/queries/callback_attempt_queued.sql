UPDATE callback_attempt AS attempt SET ref = queued.ref
FROM unnest(:task_ids::bigint[], :numbers::integer[], :refs::text[]) AS queued (task_id, number, ref)
WHERE attempt.task_id = queued.task_id AND attempt.number = queued.number
