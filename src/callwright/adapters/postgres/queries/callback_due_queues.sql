SELECT queue_id, account_id, name, comment, is_on, concurrent_task_limit, interval_id, created_at,
       service_id,
       (SELECT count(*) FROM callback_task AS task
        WHERE task.queue_id = queue.queue_id AND task.state = 'executed')
FROM callback_queue AS queue
WHERE is_on AND account_id % 256 = ANY(:shards::bigint[])
  AND NOT EXISTS (SELECT 1 FROM client_pause AS pause WHERE pause.account_id = queue.account_id)
  AND EXISTS (
      SELECT 1 FROM callback_task AS task
      WHERE task.queue_id = queue.queue_id AND task.next_try_at <= :at
  )
