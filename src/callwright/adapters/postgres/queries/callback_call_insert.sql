INSERT INTO callback_call (
    call_uuid, account_id, extension_id, b_number, started_at, ended_at, content
) VALUES (:call_uuid, :account_id, :extension_id, :b_number, :started_at, :ended_at, :content)
