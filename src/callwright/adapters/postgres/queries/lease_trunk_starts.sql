-- Of this node and of the others that are alive.
SELECT coalesce(sum(trunk_starts) FILTER (WHERE boot_epoch = :boot_epoch), 0)::integer,
       coalesce(sum(trunk_starts) FILTER (WHERE boot_epoch <> :boot_epoch), 0)::integer
FROM node WHERE expires_at > clock_timestamp()
