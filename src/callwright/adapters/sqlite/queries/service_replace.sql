UPDATE service SET configuration = :configuration WHERE account_id = :account_id AND name = :name
