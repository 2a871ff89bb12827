SELECT count(*) FROM client_variable WHERE account_id = :account_id
