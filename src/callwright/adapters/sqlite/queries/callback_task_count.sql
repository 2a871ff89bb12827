SELECT count(*) FROM callback_task
WHERE queue_id = :queue_id AND account_id = :account_id
  AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states)))
  AND (:due_by IS NULL OR next_try_at <= :due_by)
  AND (:not_due_by IS NULL OR next_try_at IS NULL OR next_try_at > :not_due_by)
  AND (:put_off_at IS NULL OR (ready_at <= :put_off_at AND next_try_at > :put_off_at))
  AND (:not_put_off_at IS NULL OR ready_at IS NULL OR ready_at > :not_put_off_at
       OR next_try_at <= :not_put_off_at)
  AND (:name IS NULL OR name = :name)
  AND (:a_number IS NULL OR a_number = :a_number)
  AND (:b_number IS NULL OR b_number = :b_number)
  AND (:extension_id IS NULL OR extension_id = :extension_id)
  AND (:finish_result IS NULL OR finish_result = :finish_result)
  AND (:starts_from IS NULL OR starts_at >= :starts_from)
  AND (:starts_to IS NULL OR starts_at < :starts_to)
  AND (:recurrence_id IS NULL OR task_id = :recurrence_id OR recurrence_id = :recurrence_id)
