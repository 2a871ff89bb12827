UPDATE account SET channels = :channels, maximum_cps = :maximum_cps WHERE account_id = :account_id
