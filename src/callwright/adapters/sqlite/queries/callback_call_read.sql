SELECT content FROM callback_call
WHERE call_uuid = :call_uuid AND account_id = :account_id
