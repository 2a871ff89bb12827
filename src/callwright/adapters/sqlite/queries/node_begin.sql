-- A node keeps its name for ever and counts its starts: a boot epoch is never used twice.
INSERT INTO node (only_row, node_hex, boot_epoch) VALUES (1, :node_hex, :now)
ON CONFLICT (only_row) DO UPDATE SET boot_epoch = max(:now, boot_epoch + 1)
RETURNING node_hex, boot_epoch
