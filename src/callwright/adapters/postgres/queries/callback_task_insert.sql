INSERT INTO callback_task (
    account_id, queue_id, wish, name, a_number, b_number, extension_id, starts_at, next_try_at,
    ready_at, created_at, priority, deadline_at, dedup_key, call_uuid, recurrence_id, occurrence
)
VALUES (
    :account_id, :queue_id, :wish, :name, :a_number, :b_number, :extension_id, :starts_at,
    :next_try_at, :ready_at, :created_at, :priority, :deadline_at, :dedup_key, :call_uuid,
    :recurrence_id, :occurrence
)
RETURNING task_id
