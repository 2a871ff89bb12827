UPDATE call_start SET answered_at = asked.answered_at
FROM unnest(:start_ids::bigint[], :ats::double precision[]) AS asked (start_id, answered_at)
WHERE call_start.start_id = asked.start_id
