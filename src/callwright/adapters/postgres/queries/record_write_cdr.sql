INSERT INTO cdr (
    instance_id, number, call_id, destination_address, originating_address, direction, channel_type,
    initiated_at, connected_at, hung_up_at, joined,
    hangup_cause, call_cause, raw_cause, cost, costs_valid, far_end
)
SELECT * FROM unnest(
    :instance_ids::text[], :numbers::integer[], :call_ids::text[], :destination_addresses::text[],
    :originating_addresses::text[], :directions::text[], :channel_types::text[],
    :initiated_ats::double precision[], :connected_ats::double precision[],
    :hung_up_ats::double precision[], :joineds::double precision[], :hangup_causes::text[],
    :call_causes::text[], :raw_causes::integer[], :costs::numeric[], :costs_valids::boolean[],
    :far_ends::text[]
)
