SELECT event_id, task_id, account_id, url, event, body, at, tries
FROM callback_event AS event
WHERE next_at <= :at AND account_id % 256 = ANY(:shards::bigint[])
  AND receiver <> ALL(:busy_receivers::text[])
  AND account_id <> ALL(:busy_accounts::bigint[])
  AND NOT EXISTS (
      SELECT 1 FROM callback_event AS earlier
      WHERE earlier.task_id = event.task_id AND earlier.sequence < event.sequence
  )
ORDER BY next_at, sequence
LIMIT :limit
