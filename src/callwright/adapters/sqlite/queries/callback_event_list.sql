SELECT event_id, task_id, event, url, at, tries, next_at, given_up_at, last_status, last_reason
FROM callback_event
WHERE account_id = :account_id
