-- Receiver by receiver, so that what waits for the busy is not even walked over.
WITH RECURSIVE lane (receiver) AS (
    SELECT min(receiver) FROM callback_event WHERE given_up_at IS NULL
    UNION ALL
    SELECT (
        SELECT min(receiver) FROM callback_event
        WHERE receiver > lane.receiver AND given_up_at IS NULL
    )
    FROM lane WHERE lane.receiver IS NOT NULL
)
SELECT event.event_id, event.task_id, event.account_id, event.url, event.event, event.body,
    event.at, event.telling, event.of_call, event.tries
FROM lane
CROSS JOIN callback_event AS event
WHERE lane.receiver NOT IN (SELECT value FROM json_each(:busy_receivers))
  -- A receiver begins with its account.
  AND CAST(lane.receiver AS INTEGER) % 256 IN (SELECT value FROM json_each(:shards))
  AND CAST(lane.receiver AS INTEGER) NOT IN (SELECT value FROM json_each(:busy_accounts))
  AND event.sequence IN (
      SELECT first.sequence FROM callback_event AS first
      WHERE first.receiver = lane.receiver AND first.next_at <= :at
        AND first.given_up_at IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM callback_event AS earlier
            WHERE earlier.stream = first.stream AND earlier.sequence < first.sequence
              AND earlier.given_up_at IS NULL
        )
      ORDER BY first.next_at, first.sequence
      LIMIT :limit
  )
ORDER BY event.next_at, event.sequence
LIMIT :limit
