INSERT INTO callback_task (
    account_id, queue_id, wish, name, a_number, b_number, extension_id, starts_at, next_try_at,
    created_at
)
VALUES (
    :account_id, :queue_id, :wish, :name, :a_number, :b_number, :extension_id, :starts_at,
    :starts_at, :created_at
)
RETURNING task_id
