SELECT record_uuid, account_id, call_uuid, extension_id, began_at, filename, size_bytes, duration
FROM callback_recording
WHERE record_uuid = :record_uuid AND account_id = :account_id
