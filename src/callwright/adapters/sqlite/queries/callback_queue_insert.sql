INSERT INTO callback_queue (
    account_id, service_id, name, comment, is_on, concurrent_task_limit, interval_id, created_at,
    is_hidden
)
VALUES (
    :account_id, :service_id, :name, :comment, :is_on, :concurrent_task_limit, :interval_id,
    :created_at, :is_hidden
)
RETURNING queue_id
