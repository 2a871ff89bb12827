INSERT INTO callback_recording (
    record_uuid, account_id, call_uuid, extension_id, began_at, filename, size_bytes, duration
) VALUES (
    :record_uuid, :account_id, :call_uuid, :extension_id, :began_at, :filename, :size_bytes, :duration
)
