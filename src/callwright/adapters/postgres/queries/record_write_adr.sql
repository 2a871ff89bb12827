INSERT INTO adr (
    account_id, instance_id, ref, application_name, started_at, stopped_at, exit_status,
    outbound_parameters, application_parameters, extra_channel_count, fax,
    rest_log_filename, rest_to, rest_from, rest_initial_token, uas_ip_address, uas_name,
    tts_seconds, tts_neural_seconds, platform_cost, pstn_cost,
    tts_unit_cost, tts_cost, tts_neural_unit_cost, tts_neural_cost,
    tollfree_cost, extra_cost, feature_cost, feature_seconds
)
SELECT * FROM unnest(
    :account_ids::bigint[], :instance_ids::text[], :refs::text[], :application_names::text[],
    :started_ats::double precision[], :stopped_ats::double precision[], :exit_statuses::integer[],
    :outbound_parameters::text[], :application_parameters::text[],
    :extra_channel_counts::integer[], :faxes::boolean[], :rest_log_filenames::text[],
    :rest_tos::text[], :rest_froms::text[], :rest_initial_tokens::text[],
    :uas_ip_addresses::text[], :uas_names::text[], :tts_seconds::double precision[],
    :tts_neural_seconds::double precision[], :platform_costs::numeric[], :pstn_costs::numeric[],
    :tts_unit_costs::numeric[], :tts_costs::numeric[], :tts_neural_unit_costs::numeric[],
    :tts_neural_costs::numeric[], :tollfree_costs::numeric[], :extra_costs::numeric[],
    :feature_costs::numeric[], :feature_seconds::double precision[]
)
