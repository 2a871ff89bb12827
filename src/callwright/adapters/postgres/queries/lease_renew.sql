-- Who comes late may have lost his starts of the trunk to others meanwhile.
UPDATE node SET
    trunk_starts = CASE WHEN expires_at > clock_timestamp() THEN trunk_starts ELSE 0 END,
    expires_at = clock_timestamp() + make_interval(secs => :ttl)
WHERE boot_epoch = :boot_epoch
RETURNING boot_epoch
