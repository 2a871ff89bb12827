-- What is of a wish is a column, one value a task. They get their ids in this order.
INSERT INTO callback_task (
    account_id, queue_id, created_at, wish, name, a_number, b_number, extension_id, starts_at,
    next_try_at, ready_at, priority, deadline_at, dedup_key, call_uuid, recurrence_id, occurrence
)
SELECT
    :account_id::bigint, :queue_id::bigint, :created_at::double precision, wish, name, a_number,
    b_number, extension_id, starts_at, next_try_at, ready_at, priority, deadline_at, dedup_key,
    call_uuid, recurrence_id, occurrence
FROM unnest(
    :wish::bytea[], :name::text[], :a_number::text[], :b_number::text[], :extension_id::bigint[],
    :starts_at::double precision[], :next_try_at::double precision[], :ready_at::double precision[],
    :priority::integer[], :deadline_at::double precision[], :dedup_key::text[], :call_uuid::text[],
    :recurrence_id::bigint[], :occurrence::bigint[]
) WITH ORDINALITY AS wished (
    wish, name, a_number, b_number, extension_id, starts_at, next_try_at, ready_at, priority,
    deadline_at, dedup_key, call_uuid, recurrence_id, occurrence, place
)
ORDER BY place
RETURNING task_id
