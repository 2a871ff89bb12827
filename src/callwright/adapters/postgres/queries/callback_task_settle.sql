UPDATE callback_task SET
    state = :state, next_try_at = :next_try_at, tries_made = :tries_made,
    caller_tries_made = :caller_tries_made, finish_result = :finish_result,
    finish_comment = :finish_comment, finished_at = :finished_at,
    ready_at = :ready_at
WHERE task_id = :task_id
  AND CASE WHEN :waits::boolean THEN next_try_at IS NOT NULL ELSE state = 'executed' END
RETURNING queue_id
