SELECT extension_id, account_id, number, label, caller_id_name, caller_id_number, destination, is_blocked,
       created_at, records_calls
FROM extension
WHERE extension_id = :extension_id AND account_id = :account_id
