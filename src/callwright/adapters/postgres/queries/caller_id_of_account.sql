SELECT number FROM caller_id WHERE account_id = :account_id ORDER BY number
