INSERT INTO callback_event (event_id, task_id, account_id, url, receiver, event, body, at, next_at)
VALUES (
    :event_id, :task_id, :account_id, :url, :receiver, :event, :body, :at,
    -- Not before what is told of the task first.
    coalesce(
        (SELECT max(next_at) FROM callback_event WHERE task_id = :task_id AND given_up_at IS NULL),
        :at
    )
)
ON CONFLICT (event_id) DO NOTHING
