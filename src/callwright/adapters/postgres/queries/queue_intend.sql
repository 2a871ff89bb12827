UPDATE call_start
SET instance_id = asked.instance_id, call_id = asked.call_id, dialled_at = asked.dialled_at
FROM unnest(
    :start_ids::bigint[], :instance_ids::text[], :call_ids::text[], :ats::double precision[]
) AS asked (start_id, instance_id, call_id, dialled_at)
WHERE call_start.start_id = asked.start_id
