UPDATE service SET configuration = :configuration
WHERE service_id = :service_id AND configuration = :was
RETURNING service_id
