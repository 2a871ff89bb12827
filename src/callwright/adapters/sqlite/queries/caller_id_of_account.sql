SELECT number FROM caller_id WHERE account_id = :account_id
UNION
SELECT number FROM owned_number WHERE account_id = :account_id
ORDER BY number
