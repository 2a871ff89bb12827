INSERT INTO client_pause (account_id, paused_by, reason, paused_at)
VALUES (:account_id, :paused_by, :reason, :paused_at)
ON CONFLICT (account_id) DO UPDATE SET
    -- Since when it is paused stays.
    paused_by = excluded.paused_by, reason = excluded.reason
WHERE client_pause.paused_by = 'client' OR excluded.paused_by = 'operator'
