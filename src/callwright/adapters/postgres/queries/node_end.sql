DELETE FROM node WHERE boot_epoch = :boot_epoch
