-- How it is ordered is added by the one who asks.
SELECT account_id, name, value FROM client_variable WHERE account_id = :account_id
