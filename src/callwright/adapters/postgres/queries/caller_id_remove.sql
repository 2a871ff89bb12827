DELETE FROM caller_id WHERE account_id = :account_id AND number = :number RETURNING number
