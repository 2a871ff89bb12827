-- It needs a name that no other one has.
INSERT INTO service (account_id, kind, name, configuration)
VALUES (
    :account_id,
    'callback',
    'callback-' || gen_random_uuid(),
    convert_to('{}', 'UTF8')
)
RETURNING service_id
