UPDATE shard_lease SET boot_epoch = NULL
WHERE boot_epoch = :boot_epoch AND shard = ANY(:shards::integer[])
