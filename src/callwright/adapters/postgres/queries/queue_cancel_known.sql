SELECT ref, service_id FROM call_start
WHERE ref = ANY(:refs::text[]) AND account_id = :account_id
