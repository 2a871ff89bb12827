DELETE FROM client_variable WHERE account_id = :account_id AND name = :name
RETURNING name
