SELECT
    feature_id, audio_path, feature_type, started_at, stopped_at,
    call_id, transaction_id, duration_for_cost, unit_cost, cost, costs_valid
FROM fdr WHERE instance_id = :instance_id ORDER BY number
