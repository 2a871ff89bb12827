DELETE FROM caller_id_trial WHERE trial_id IN (
    SELECT trial_id FROM caller_id_trial WHERE began_at < :began_before
    ORDER BY began_at LIMIT :limit
)
RETURNING trial_id
