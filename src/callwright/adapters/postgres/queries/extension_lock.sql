-- Others who would add to it wait.
SELECT extension_id FROM extension
WHERE extension_id = :extension_id AND account_id = :account_id
FOR UPDATE
