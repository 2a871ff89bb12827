SELECT account_id, in_progress FROM account_progress
WHERE account_id = ANY(:account_ids::bigint[]) AND in_progress > 0
