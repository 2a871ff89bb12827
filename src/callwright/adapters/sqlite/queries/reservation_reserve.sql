INSERT INTO reservation (account_id, name, max_participants, starts_at, ends_at, divert)
VALUES (:account_id, :name, :max_participants, :starts_at, :ends_at, :divert)
ON CONFLICT (account_id, name) DO UPDATE SET
    max_participants = excluded.max_participants,
    starts_at = excluded.starts_at,
    ends_at = excluded.ends_at,
    divert = excluded.divert
WHERE reservation.ends_at <= :at
RETURNING name
