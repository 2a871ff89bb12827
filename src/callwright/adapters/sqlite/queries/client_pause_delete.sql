DELETE FROM client_pause
WHERE account_id = :account_id AND (paused_by = 'client' OR :paused_by = 'operator')
