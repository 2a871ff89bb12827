-- No row: the account of this service is not ours to dispatch for, or our lease ran out. With a
-- row, the shard stays ours until this transaction ends.
SELECT shard FROM shard_lease
WHERE shard = (SELECT account_id % :of::bigint FROM service WHERE service_id = :service_id)
  AND boot_epoch = :held_by
  AND EXISTS (SELECT 1 FROM node WHERE node.boot_epoch = :held_by AND expires_at > clock_timestamp())
FOR SHARE OF shard_lease
