UPDATE service SET configuration = :configuration
WHERE account_id = :account_id AND kind = :kind AND name = :name AND configuration IS NOT NULL
RETURNING service_id
