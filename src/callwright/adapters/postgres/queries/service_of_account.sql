SELECT service_id, account_id, kind, name, configuration FROM service
WHERE account_id = :account_id AND kind = :kind AND configuration IS NOT NULL
ORDER BY name
