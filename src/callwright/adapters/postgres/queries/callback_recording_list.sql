-- How it is ordered is added by the one who asks.
SELECT record_uuid, account_id, call_uuid, extension_id, began_at, filename, size_bytes, duration
FROM callback_recording
WHERE account_id = :account_id AND began_at >= :start AND began_at < :end
  AND (:extension_id::bigint IS NULL OR extension_id = :extension_id)
