SELECT registration_id, account_id, extension_id, event, url, method
FROM extension_event
WHERE extension_id = ANY(:extension_ids::bigint[]) AND account_id = :account_id
ORDER BY registration_id
