-- The lock on its data folder is ours, so an earlier start of this node is dead.
DELETE FROM node WHERE node_hex = :node_hex
