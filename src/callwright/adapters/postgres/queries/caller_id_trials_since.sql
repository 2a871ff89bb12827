SELECT count(*) FROM caller_id_trial
WHERE account_id = :account_id AND number = :number AND began_at >= :since
