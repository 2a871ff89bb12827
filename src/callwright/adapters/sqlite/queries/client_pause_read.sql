SELECT account_id, paused_by, reason, paused_at FROM client_pause WHERE account_id = :account_id
