SELECT registration_id, account_id, extension_id, event, url, method
FROM extension_event
WHERE extension_id IN (SELECT value FROM json_each(:extension_ids)) AND account_id = :account_id
ORDER BY registration_id
