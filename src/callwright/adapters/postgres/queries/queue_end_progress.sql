-- A claimed start ended or was given back.
UPDATE account_progress SET in_progress = in_progress - 1 WHERE account_id = :account_id
