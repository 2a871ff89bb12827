SELECT record_uuid, account_id, call_uuid, extension_id, began_at, filename, size_bytes, duration
FROM callback_recording
WHERE call_uuid IN (SELECT value FROM json_each(:call_uuids))
