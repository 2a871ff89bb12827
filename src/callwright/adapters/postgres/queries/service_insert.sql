INSERT INTO service (account_id, kind, name, configuration)
VALUES (:account_id, :kind, :name, :configuration)
-- Taken by this account, or in the case of an inbound service by another one.
ON CONFLICT DO NOTHING
RETURNING service_id
