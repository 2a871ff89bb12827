SELECT count(*) FROM extension WHERE account_id = :account_id
