UPDATE callback_queue SET
    name = coalesce(:name::text, name),
    comment = coalesce(:comment::text, comment),
    is_on = coalesce(:is_on::boolean, is_on),
    concurrent_task_limit = coalesce(:concurrent_task_limit::integer, concurrent_task_limit),
    interval_id = CASE WHEN :changes_interval::boolean THEN :interval_id::bigint ELSE interval_id END
WHERE queue_id = :queue_id AND account_id = :account_id AND NOT is_deleted AND NOT is_hidden
RETURNING queue_id, account_id, name, comment, is_on, concurrent_task_limit, interval_id, created_at
