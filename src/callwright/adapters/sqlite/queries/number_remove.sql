DELETE FROM owned_number WHERE account_id = :account_id AND number = :number RETURNING number
