UPDATE callback_task SET
    wish = :wish, name = :name, a_number = :a_number, b_number = :b_number,
    extension_id = :extension_id, starts_at = :starts_at, next_try_at = :next_try_at,
    ready_at = :ready_at,
    priority = :priority, deadline_at = :deadline_at, dedup_key = :dedup_key
WHERE task_id = :task_id AND next_try_at IS NOT NULL
RETURNING task_id
