INSERT INTO service (account_id, kind, name, configuration)
VALUES (:account_id, :kind, :name, :configuration)
ON CONFLICT (account_id, kind, name) WHERE configuration IS NOT NULL DO NOTHING
RETURNING service_id
