UPDATE call_start
SET state = 'completed', exit_status = asked.exit_status, ended_at = asked.ended_at
FROM unnest(:start_ids::bigint[], :exit_statuses::integer[], :ats::double precision[])
    AS asked (start_id, exit_status, ended_at)
WHERE call_start.start_id = asked.start_id
