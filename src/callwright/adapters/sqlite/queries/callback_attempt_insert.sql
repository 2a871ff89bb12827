INSERT INTO callback_attempt (task_id, number, call_uuid, started_at, src_ani, dst_ani)
VALUES (:task_id, :number, :call_uuid, :started_at, :src_ani, :dst_ani)
