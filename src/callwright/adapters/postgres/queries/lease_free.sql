-- Shards of nobody and of the dead. A claim under way holds its shard until it is committed.
SELECT shard FROM shard_lease
WHERE boot_epoch IS NULL OR NOT boot_epoch = ANY(:alive::bigint[])
ORDER BY shard LIMIT :count
FOR UPDATE
