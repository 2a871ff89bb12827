SELECT min((
    SELECT task.next_try_at FROM callback_task AS task
    WHERE task.queue_id = queue.queue_id AND task.next_try_at > :after
    ORDER BY task.next_try_at LIMIT 1
))
FROM callback_queue AS queue
WHERE is_on AND account_id % 256 = ANY(:shards::bigint[])
  AND NOT EXISTS (SELECT 1 FROM client_pause AS pause WHERE pause.account_id = queue.account_id)
