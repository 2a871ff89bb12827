SELECT service_id, account_id, kind, name, configuration FROM service
WHERE service_id = :service_id AND configuration IS NOT NULL
