SELECT shard FROM shard_lease WHERE boot_epoch = :boot_epoch ORDER BY shard
