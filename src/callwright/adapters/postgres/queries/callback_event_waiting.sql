-- Receiver by receiver, so that what waits for the busy is not even walked over.
WITH RECURSIVE lane AS (
    (
        SELECT receiver, account_id FROM callback_event
        WHERE given_up_at IS NULL ORDER BY receiver LIMIT 1
    )
    UNION ALL
    SELECT following.receiver, following.account_id
    FROM lane CROSS JOIN LATERAL (
        SELECT receiver, account_id FROM callback_event
        WHERE receiver > lane.receiver AND given_up_at IS NULL ORDER BY receiver LIMIT 1
    ) AS following
)
SELECT event.event_id, event.task_id, event.account_id, event.url, event.event, event.body,
    event.at, event.telling, event.of_call, event.tries
FROM lane CROSS JOIN LATERAL (
    SELECT * FROM callback_event AS first
    WHERE first.receiver = lane.receiver AND first.next_at <= :at
      AND first.given_up_at IS NULL
      AND NOT EXISTS (
          SELECT 1 FROM callback_event AS earlier
          WHERE earlier.stream = first.stream AND earlier.sequence < first.sequence
            AND earlier.given_up_at IS NULL
      )
    ORDER BY first.next_at, first.sequence
    LIMIT :limit
) AS event
WHERE lane.account_id % 256 = ANY(:shards::bigint[])
  AND lane.receiver <> ALL(:busy_receivers::text[])
  AND lane.account_id <> ALL(:busy_accounts::bigint[])
ORDER BY event.next_at, event.sequence
LIMIT :limit
