UPDATE call_start SET state = 'couldnotrun', reason = asked.reason, ended_at = asked.ended_at
FROM unnest(:start_ids::bigint[], :reasons::text[], :ats::double precision[])
    AS asked (start_id, reason, ended_at)
WHERE call_start.start_id = asked.start_id
