INSERT INTO callback_queue (
    account_id, service_id, name, comment, is_on, concurrent_task_limit, interval_id, created_at
)
VALUES (
    :account_id, :service_id, :name, :comment, :is_on, :concurrent_task_limit, :interval_id,
    :created_at
)
RETURNING queue_id
