UPDATE account
SET has_g729 = :with_codec, has_fax = :with_fax, has_conferences = :with_conferences
WHERE account_id = :account_id
