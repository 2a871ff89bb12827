INSERT INTO extension (
    account_id, number, label, caller_id_name, caller_id_number, destination, is_blocked,
    created_at, records_calls
)
VALUES (
    :account_id, :number, :label, :caller_id_name, :caller_id_number, :destination, :is_blocked,
    :created_at, :records_calls
)
ON CONFLICT DO NOTHING
RETURNING extension_id
