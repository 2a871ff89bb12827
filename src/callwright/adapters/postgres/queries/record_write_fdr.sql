INSERT INTO fdr (
    instance_id, number, feature_id, audio_path, feature_type, started_at, stopped_at,
    call_id, transaction_id, duration_for_cost, unit_cost, cost, costs_valid
)
SELECT * FROM unnest(
    :instance_ids::text[], :numbers::integer[], :feature_ids::text[], :audio_paths::text[],
    :feature_types::text[], :started_ats::double precision[], :stopped_ats::double precision[],
    :call_ids::text[], :transaction_ids::text[], :durations_for_cost::double precision[],
    :unit_costs::numeric[], :costs::numeric[], :costs_valids::boolean[]
)
