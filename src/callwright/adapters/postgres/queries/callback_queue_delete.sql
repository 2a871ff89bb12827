-- It stays as long as an attempt of it runs.
UPDATE callback_queue SET is_deleted = true, is_on = false, interval_id = NULL
WHERE queue_id = :queue_id AND account_id = :account_id AND NOT is_deleted AND NOT is_hidden
RETURNING service_id
