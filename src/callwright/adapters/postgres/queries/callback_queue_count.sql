SELECT count(*) FROM callback_queue
WHERE account_id = :account_id AND NOT is_deleted AND NOT is_hidden
  AND (:is_on::boolean IS NULL OR is_on = :is_on) AND (:name::text IS NULL OR name = :name)
