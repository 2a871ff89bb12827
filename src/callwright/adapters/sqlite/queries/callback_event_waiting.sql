SELECT event_id, task_id, account_id, url, event, body, at, tries
FROM callback_event AS event
WHERE next_at <= :at AND account_id % 256 IN (SELECT value FROM json_each(:shards))
  AND receiver NOT IN (SELECT value FROM json_each(:busy_receivers))
  AND account_id NOT IN (SELECT value FROM json_each(:busy_accounts))
  AND NOT EXISTS (
      SELECT 1 FROM callback_event AS earlier
      WHERE earlier.task_id = event.task_id AND earlier.sequence < event.sequence
  )
ORDER BY next_at, sequence
LIMIT :limit
