-- A boot epoch is never used twice, whatever the clocks of the nodes say.
UPDATE node_epoch SET last_epoch = greatest(last_epoch + 1, :now::bigint) RETURNING last_epoch
