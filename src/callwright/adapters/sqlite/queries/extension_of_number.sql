SELECT extension_id, account_id, number, label, caller_id_name, caller_id_number, destination, is_blocked,
       created_at, records_calls
FROM extension
WHERE account_id = :account_id AND number = :number
