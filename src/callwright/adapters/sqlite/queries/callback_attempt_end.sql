UPDATE callback_attempt SET ended_at = :ended_at, outcome = :outcome, has_record = 1,
    a_answered = coalesce(:a_answered, a_answered)
WHERE task_id = :task_id AND number = :number AND ended_at IS NULL
RETURNING call_uuid, EXISTS (
    SELECT 1 FROM call_last_word WHERE of_call = callback_attempt.call_uuid
)
