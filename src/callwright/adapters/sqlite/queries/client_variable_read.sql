SELECT account_id, name, value FROM client_variable
WHERE account_id = :account_id AND name = :name
