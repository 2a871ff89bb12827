INSERT INTO client_variable (account_id, name, value) VALUES (:account_id, :name, :value)
