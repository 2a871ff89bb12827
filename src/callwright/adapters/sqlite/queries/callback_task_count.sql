-- Filters are added by the one who asks: an index serves them only if they are plain.
SELECT count(*) FROM callback_task
WHERE queue_id = (
    SELECT queue_id FROM callback_queue WHERE queue_id = :queue_id AND account_id = :account_id
)
