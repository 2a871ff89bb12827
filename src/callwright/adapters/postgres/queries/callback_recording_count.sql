SELECT count(*) FROM callback_recording
WHERE account_id = :account_id AND began_at >= :start AND began_at < :end
  AND (:extension_id::bigint IS NULL OR extension_id = :extension_id)
