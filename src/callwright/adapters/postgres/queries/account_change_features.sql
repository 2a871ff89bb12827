UPDATE account SET has_g729 = :with_codec, has_fax = :with_fax WHERE account_id = :account_id
