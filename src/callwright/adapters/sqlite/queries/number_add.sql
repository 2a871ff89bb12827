INSERT INTO owned_number (number, account_id, added_at) VALUES (:number, :account_id, :at)
ON CONFLICT (number) DO NOTHING
