UPDATE node SET trunk_starts = :trunk_starts WHERE boot_epoch = :boot_epoch
