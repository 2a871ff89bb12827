UPDATE client_variable SET value = :value WHERE account_id = :account_id AND name = :name
RETURNING name
