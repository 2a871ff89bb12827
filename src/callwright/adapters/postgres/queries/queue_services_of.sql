SELECT DISTINCT service_id FROM call_start WHERE ref = ANY(:refs::text[])
