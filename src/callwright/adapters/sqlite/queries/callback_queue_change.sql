UPDATE callback_queue SET
    name = coalesce(:name, name),
    comment = coalesce(:comment, comment),
    is_on = coalesce(:is_on, is_on),
    concurrent_task_limit = coalesce(:concurrent_task_limit, concurrent_task_limit),
    interval_id = CASE WHEN :changes_interval THEN :interval_id ELSE interval_id END
WHERE queue_id = :queue_id AND account_id = :account_id AND is_deleted = 0 AND is_hidden = 0
RETURNING queue_id, account_id, name, comment, is_on, concurrent_task_limit, interval_id, created_at
