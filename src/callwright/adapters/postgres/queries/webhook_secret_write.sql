INSERT INTO callback_client (account_id, webhook_secret) VALUES (:account_id, :sealed)
ON CONFLICT (account_id) DO UPDATE SET webhook_secret = excluded.webhook_secret
