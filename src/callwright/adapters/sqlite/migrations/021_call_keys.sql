-- Callbacks at once are known by their key for a while after they have ended.
CREATE INDEX callback_task_call_key ON callback_task (queue_id, dedup_key, created_at)
WHERE dedup_key IS NOT NULL AND call_uuid IS NOT NULL;
