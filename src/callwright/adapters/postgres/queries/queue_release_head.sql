-- The head goes back below what was given back, or the next claim would walk past it.
UPDATE queue_head SET head_seq = least(head_seq, :seq::bigint - 1), taken = taken - 1
WHERE service_id = :service_id
