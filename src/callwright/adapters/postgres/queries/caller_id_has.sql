SELECT 1 FROM caller_id WHERE account_id = :account_id AND number = :number
UNION ALL
SELECT 1 FROM owned_number WHERE account_id = :account_id AND number = :number
