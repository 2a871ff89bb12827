INSERT INTO extension_event (account_id, extension_id, event, url, method)
VALUES (:account_id, :extension_id, :event, :url, :method)
RETURNING registration_id
