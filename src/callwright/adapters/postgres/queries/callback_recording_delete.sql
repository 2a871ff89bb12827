DELETE FROM callback_recording
WHERE record_uuid = :record_uuid AND account_id = :account_id
RETURNING record_uuid
