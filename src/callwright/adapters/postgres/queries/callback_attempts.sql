SELECT task_id, number, call_uuid, started_at, src_ani, dst_ani, ref, ended_at, a_answered,
       joined_at, outcome
FROM callback_attempt
WHERE task_id = ANY(:task_ids::bigint[])
ORDER BY task_id, number
