INSERT INTO callback_attempt (task_id, number, call_uuid, started_at, src_ani, dst_ani)
SELECT * FROM unnest(
    :task_ids::bigint[], :numbers::integer[], :call_uuids::text[], :started_ats::double precision[],
    :src_anis::text[], :dst_anis::text[]
)
