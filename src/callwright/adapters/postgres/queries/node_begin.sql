INSERT INTO node (boot_epoch, node_hex, expires_at)
VALUES (:boot_epoch, :node_hex, clock_timestamp() + make_interval(secs => :ttl))
