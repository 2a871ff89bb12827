UPDATE account
SET validates_caller_ids = :validates_caller_ids, blocked_prefixes = :blocked_prefixes
WHERE account_id = :account_id
