-- What stands before an event of its task is tried at the same time.
UPDATE callback_event SET next_at = least(next_at, :at)
WHERE task_id = :task_id AND given_up_at IS NULL
