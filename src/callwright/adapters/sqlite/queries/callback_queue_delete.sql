-- It stays as long as an attempt of it runs.
UPDATE callback_queue SET is_deleted = 1, is_on = 0, interval_id = NULL
WHERE queue_id = :queue_id AND account_id = :account_id AND is_deleted = 0 AND is_hidden = 0
RETURNING service_id
