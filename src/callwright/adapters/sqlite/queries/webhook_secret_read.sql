SELECT webhook_secret FROM callback_client WHERE account_id = :account_id
