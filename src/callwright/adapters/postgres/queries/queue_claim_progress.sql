INSERT INTO account_progress (account_id, in_progress) VALUES (:account_id, :count::integer)
ON CONFLICT (account_id)
DO UPDATE SET in_progress = account_progress.in_progress + excluded.in_progress
