SELECT number FROM owned_number WHERE account_id = :account_id ORDER BY number
