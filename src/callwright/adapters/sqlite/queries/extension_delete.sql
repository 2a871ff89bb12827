DELETE FROM extension WHERE extension_id = :extension_id AND account_id = :account_id
RETURNING extension_id
