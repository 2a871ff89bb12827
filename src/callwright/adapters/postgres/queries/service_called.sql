SELECT service_id, account_id, kind, name, configuration FROM service
WHERE kind = 'inbound' AND name = :name AND configuration IS NOT NULL
  AND name ~ '[^0-9]'
