-- The oldest starts above the head, up to a number: how many, and the number of the last.
SELECT count(*), max(seq) FROM (
    SELECT seq FROM ready
    WHERE service_id = :service_id
      AND seq > (SELECT head_seq FROM queue_head WHERE service_id = :service_id)
      AND seq <= :tail_seq
    ORDER BY seq LIMIT :limit
)
