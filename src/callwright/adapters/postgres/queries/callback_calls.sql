-- What has ended from its record, the rest from its attempt. How it is ordered is added by the one
-- who asks.
SELECT call.started_at, call.call_uuid, call.content, NULL::bigint, NULL::integer
FROM callback_call AS call
WHERE call.account_id = :account_id AND call.started_at >= :start AND call.started_at < :end
  AND (:extension_id::bigint IS NULL OR call.extension_id = :extension_id)
  AND (:b_number::text IS NULL OR call.b_number = :b_number)
UNION ALL
SELECT attempt.started_at, attempt.call_uuid, NULL::bytea, attempt.task_id, attempt.number
FROM callback_attempt AS attempt JOIN callback_task AS task USING (task_id)
WHERE NOT attempt.has_record AND attempt.started_at >= :start AND attempt.started_at < :end
  AND task.account_id = :account_id
  AND (:extension_id::bigint IS NULL OR task.extension_id = :extension_id)
  AND (:b_number::text IS NULL OR task.b_number = :b_number)
