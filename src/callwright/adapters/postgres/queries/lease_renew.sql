UPDATE node SET expires_at = clock_timestamp() + make_interval(secs => :ttl)
WHERE boot_epoch = :boot_epoch
RETURNING boot_epoch
