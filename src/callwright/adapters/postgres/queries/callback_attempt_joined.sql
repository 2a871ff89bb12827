UPDATE callback_attempt SET joined_at = :at, a_answered = :a_answered
WHERE task_id = :task_id AND number = :number AND joined_at IS NULL AND ended_at IS NULL
RETURNING task_id
