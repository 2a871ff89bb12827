UPDATE shard_lease SET boot_epoch = :boot_epoch WHERE shard = ANY(:shards::integer[])
