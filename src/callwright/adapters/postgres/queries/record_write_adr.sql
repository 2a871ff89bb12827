INSERT INTO adr (
    instance_id, account_id, ref, application_name, started_at, stopped_at, exit_status,
    outbound_parameters, application_parameters, extra_channel_count, fax,
    rest_log_filename, rest_to, rest_from, rest_initial_token, uas_ip_address, uas_name,
    tts_seconds, tts_neural_seconds, platform_cost, pstn_cost,
    tts_unit_cost, tts_cost, tts_neural_unit_cost, tts_neural_cost,
    tollfree_cost, extra_cost, feature_cost, feature_seconds
) VALUES (
    :instance_id, :account_id, :ref, :application_name, :started_at, :stopped_at, :exit_status,
    :outbound_parameters, :application_parameters, :extra_channel_count, :fax,
    :rest_log_filename, :rest_to, :rest_from, :rest_initial_token, :uas_ip_address, :uas_name,
    :tts_seconds, :tts_neural_seconds, :platform_cost, :pstn_cost,
    :tts_unit_cost, :tts_cost, :tts_neural_unit_cost, :tts_neural_cost,
    :tollfree_cost, :extra_cost, :feature_cost, :feature_seconds
)
