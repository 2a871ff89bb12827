INSERT INTO callback_event (
    event_id, task_id, account_id, url, receiver, event, body, at, telling, of_call, stream, next_at
)
VALUES (
    :event_id, :task_id, :account_id, :url, :receiver, :event, :body, :at,
    :telling, :of_call, :stream,
    -- Not before what is told first of its stream.
    coalesce(
        (SELECT max(next_at) FROM callback_event WHERE stream = :stream AND given_up_at IS NULL),
        :at
    )
)
ON CONFLICT (event_id) DO NOTHING
