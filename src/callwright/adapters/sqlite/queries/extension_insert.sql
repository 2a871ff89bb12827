INSERT INTO extension (
    account_id, number, label, caller_id_name, caller_id_number, destination, is_blocked,
    created_at
)
VALUES (
    :account_id, :number, :label, :caller_id_name, :caller_id_number, :destination, :is_blocked,
    :created_at
)
ON CONFLICT DO NOTHING
RETURNING extension_id
