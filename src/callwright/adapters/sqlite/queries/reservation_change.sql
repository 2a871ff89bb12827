UPDATE reservation
SET max_participants = :max_participants, starts_at = :starts_at, ends_at = :ends_at,
    divert = :divert
WHERE account_id = :account_id AND name = :name
  AND max_participants = :was_max_participants AND starts_at = :was_starts_at
  AND ends_at = :was_ends_at AND divert = :was_divert
RETURNING name
