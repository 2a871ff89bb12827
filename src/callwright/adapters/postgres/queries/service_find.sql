SELECT service_id, account_id, kind, name, configuration FROM service
WHERE account_id = :account_id AND kind = :kind AND name = :name AND configuration IS NOT NULL
