-- Two requests that add tasks of the same keys come one after the other; nobody else waits for them.
SELECT queue_id FROM callback_queue
WHERE queue_id = :queue_id AND account_id = :account_id AND NOT is_deleted AND NOT is_hidden
FOR NO KEY UPDATE
