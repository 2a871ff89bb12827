DELETE FROM ready WHERE service_id = :service_id AND seq = ANY(:seqs::bigint[])
