WITH written AS (
    INSERT INTO call_start (ref, account_id, service_id, seq, payload, queued_at, request_id)
    SELECT * FROM unnest(
        :refs::text[], :account_ids::bigint[], :service_ids::bigint[], :seqs::bigint[],
        :payloads::bytea[], :queued_ats::double precision[], :request_ids::bigint[]
    )
    RETURNING service_id, seq, start_id
)
INSERT INTO ready (service_id, seq, start_id) SELECT service_id, seq, start_id FROM written
