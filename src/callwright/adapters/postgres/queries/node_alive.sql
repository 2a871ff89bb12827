SELECT boot_epoch FROM node WHERE expires_at > clock_timestamp()
