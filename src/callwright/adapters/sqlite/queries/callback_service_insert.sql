-- It is named after its id, which is the next one: nobody else writes meanwhile.
INSERT INTO service (account_id, kind, name, configuration)
VALUES (
    :account_id,
    'callback',
    'callback-' || (SELECT coalesce(max(service_id), 0) + 1 FROM service),
    CAST('{}' AS BLOB)
)
RETURNING service_id
