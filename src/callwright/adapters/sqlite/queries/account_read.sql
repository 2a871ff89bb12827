SELECT account_id, username, account_type, channels, maximum_cps, guaranteed_cps,
       validates_caller_ids, blocked_prefixes, has_g729, has_fax, has_conferences
FROM account WHERE account_id = :account_id
