-- How it is ordered is added by the one who asks: an index serves each order only if it is plain.
SELECT task_id, account_id, queue_id, wish, created_at, state, next_try_at, tries_made,
       caller_tries_made, finish_result, finish_comment, finished_at, ready_at
FROM callback_task
WHERE queue_id = :queue_id AND account_id = :account_id
  AND (:states::text[] IS NULL OR state = ANY(:states::text[]))
  AND (:due_by::double precision IS NULL OR next_try_at <= :due_by)
  AND (:not_due_by::double precision IS NULL OR next_try_at IS NULL OR next_try_at > :not_due_by)
  AND (:put_off_at::double precision IS NULL
       OR (ready_at <= :put_off_at AND next_try_at > :put_off_at))
  AND (:not_put_off_at::double precision IS NULL OR ready_at IS NULL OR ready_at > :not_put_off_at
       OR next_try_at <= :not_put_off_at)
  AND (:name::text IS NULL OR name = :name)
  AND (:a_number::text IS NULL OR a_number = :a_number)
  AND (:b_number::text IS NULL OR b_number = :b_number)
  AND (:extension_id::bigint IS NULL OR extension_id = :extension_id)
  AND (:finish_result::text IS NULL OR finish_result = :finish_result)
  AND (:starts_from::double precision IS NULL OR starts_at >= :starts_from)
  AND (:starts_to::double precision IS NULL OR starts_at < :starts_to)
  AND (:recurrence_id::bigint IS NULL OR task_id = :recurrence_id OR recurrence_id = :recurrence_id)
