INSERT INTO fdr (
    instance_id, number, feature_id, audio_path, feature_type, started_at, stopped_at,
    call_id, transaction_id, duration_for_cost, unit_cost, cost, costs_valid
) VALUES (
    :instance_id, :number, :feature_id, :audio_path, :feature_type, :started_at, :stopped_at,
    :call_id, :transaction_id, :duration_for_cost, :unit_cost, :cost, :costs_valid
)
