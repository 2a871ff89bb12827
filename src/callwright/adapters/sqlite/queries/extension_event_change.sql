UPDATE extension_event SET event = :event, url = :url, method = :method
WHERE registration_id = :registration_id AND extension_id = :extension_id
  AND account_id = :account_id
RETURNING registration_id
