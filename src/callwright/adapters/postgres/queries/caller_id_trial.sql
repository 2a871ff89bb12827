SELECT number, pin, expires_at, began_at FROM caller_id_trial
WHERE account_id = :account_id AND number = :number
ORDER BY trial_id DESC LIMIT 1
