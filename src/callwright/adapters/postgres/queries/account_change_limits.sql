UPDATE account
SET channels = :channels, maximum_cps = :maximum_cps, guaranteed_cps = :guaranteed_cps
WHERE account_id = :account_id
