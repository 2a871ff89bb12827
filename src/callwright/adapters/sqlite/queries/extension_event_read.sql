SELECT registration_id, account_id, extension_id, event, url, method
FROM extension_event
WHERE registration_id = :registration_id AND extension_id = :extension_id
  AND account_id = :account_id
