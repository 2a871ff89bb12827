SELECT account_id FROM owned_number WHERE number = :number
