INSERT INTO caller_id_trial (account_id, number, pin, began_at, expires_at)
VALUES (:account_id, :number, :pin, :began_at, :expires_at)
