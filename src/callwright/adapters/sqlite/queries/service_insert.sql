INSERT INTO service (account_id, name, configuration) VALUES (:account_id, :name, :configuration)
ON CONFLICT (account_id, name) DO NOTHING
RETURNING service_id
