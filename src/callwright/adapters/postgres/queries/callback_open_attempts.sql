SELECT task.task_id, task.account_id, task.queue_id, task.wish, task.created_at, task.state,
       task.next_try_at, task.tries_made, task.caller_tries_made, task.finish_result,
       task.finish_comment, task.finished_at, task.ready_at, queue.service_id
FROM callback_task AS task JOIN callback_queue AS queue USING (queue_id)
WHERE task.state = 'executed' AND task.account_id % 256 = ANY(:shards::bigint[])
ORDER BY task.queue_id, task.task_id
