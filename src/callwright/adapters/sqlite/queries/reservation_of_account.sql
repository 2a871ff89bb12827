SELECT name, max_participants, starts_at, ends_at, divert FROM reservation
WHERE account_id = :account_id ORDER BY name
