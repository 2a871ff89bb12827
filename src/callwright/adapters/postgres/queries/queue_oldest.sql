-- The oldest starts above the head, up to a number. Whoever asks has the head locked.
SELECT seq, start_id FROM ready
WHERE service_id = :service_id AND seq > :head_seq AND seq <= :tail_seq
ORDER BY seq LIMIT :count
