SELECT service_id, account_id, name, configuration FROM service
WHERE account_id = :account_id ORDER BY name
