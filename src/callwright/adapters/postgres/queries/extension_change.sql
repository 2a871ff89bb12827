UPDATE extension SET
    label = :label, caller_id_name = :caller_id_name, caller_id_number = :caller_id_number,
    destination = :destination,
    is_blocked = :is_blocked, number = :number, records_calls = :records_calls
WHERE extension_id = :extension_id AND account_id = :account_id
  AND NOT EXISTS (
      SELECT 1 FROM extension AS other
      WHERE other.account_id = :account_id AND other.number = :number
        AND other.extension_id <> :extension_id
  )
RETURNING extension_id
