SELECT boot_epoch FROM node WHERE node_hex = :node_hex
