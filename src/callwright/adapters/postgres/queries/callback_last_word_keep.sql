INSERT INTO call_last_word (
    event_id, task_id, account_id, url, receiver, event, body, telling, of_call, stream
)
VALUES (
    :event_id, :task_id, :account_id, :url, :receiver, :event, :body, :telling, :of_call, :stream
)
ON CONFLICT (event_id) DO UPDATE SET body = excluded.body
