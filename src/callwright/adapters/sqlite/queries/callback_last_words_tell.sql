INSERT INTO callback_event (
    event_id, task_id, account_id, url, receiver, event, body, telling, of_call, stream,
    at, next_at
)
SELECT event_id, task_id, account_id, url, receiver, event, body, telling, of_call, stream,
    :at,
    -- Not before what is told first of its stream.
    coalesce(
        (
            SELECT max(next_at) FROM callback_event AS first
            WHERE first.stream = word.stream AND first.given_up_at IS NULL
        ),
        :at
    )
FROM call_last_word AS word
WHERE of_call = :call_uuid
ORDER BY sequence
ON CONFLICT (event_id) DO NOTHING
