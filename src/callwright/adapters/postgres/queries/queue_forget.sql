DELETE FROM call_start WHERE start_id = ANY(:start_ids::bigint[]) RETURNING request_id
