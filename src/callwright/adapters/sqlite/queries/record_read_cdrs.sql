SELECT
    call_id, destination_address, originating_address, direction, channel_type,
    initiated_at, connected_at, hung_up_at, joined,
    hangup_cause, call_cause, raw_cause, cost, costs_valid, far_end
FROM cdr WHERE instance_id = :instance_id ORDER BY number
