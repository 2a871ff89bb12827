SELECT min((
    SELECT task.next_try_at FROM callback_task AS task
    WHERE task.queue_id = queue.queue_id AND task.next_try_at > :after
    ORDER BY task.next_try_at LIMIT 1
))
FROM callback_queue AS queue
WHERE is_on = 1 AND account_id % 256 IN (SELECT value FROM json_each(:shards))
  AND NOT EXISTS (SELECT 1 FROM client_pause AS pause WHERE pause.account_id = queue.account_id)
