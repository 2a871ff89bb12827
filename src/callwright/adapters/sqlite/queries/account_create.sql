INSERT INTO account (
    username, username_key, account_type, channels, maximum_cps, guaranteed_cps
) VALUES (
    :username, :username_key, :account_type, :channels, :maximum_cps, :guaranteed_cps
)
ON CONFLICT (username_key) DO NOTHING
RETURNING account_id, username, account_type, channels, maximum_cps, guaranteed_cps,
          validates_caller_ids, blocked_prefixes, has_g729, has_fax, has_conferences
